/** Where to restore to, asked with the system's own dialog. */
import { join } from 'node:path';
import { BrowserWindow, dialog } from 'electron';
import type { DesktopHost } from '#main/console/context.ts';
import type { Repository } from '#main/http/names.ts';

export class FolderDialog implements Pick<DesktopHost, 'chooseFolder' | 'hasChosen'> {
  readonly #chosen = new Set<string>();

  /** A new folder with the repository's name, inside the one that is chosen, as `git clone` would make it. */
  async chooseFolder({ path }: Repository): Promise<string | undefined> {
    const name = path.split('/').at(-1) ?? path;
    const options: Electron.OpenDialogOptions = {
      title: `Where shall ${name} be restored?`,
      message: `A new folder ${name} is made inside the one that you choose.`,
      buttonLabel: 'Choose',
      properties: ['openDirectory', 'createDirectory'],
    };
    const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
    const answer = await (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options));
    const [parent] = answer.filePaths;
    if (answer.canceled || parent === undefined) return undefined;
    const directory = join(parent, name);
    this.#chosen.add(directory);
    return directory;
  }

  hasChosen(directory: string): boolean {
    return this.#chosen.has(directory);
  }
}
