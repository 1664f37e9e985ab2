/** What the window on the desktop can do for its console: the system's dialogs, and starting the program again. */
import { app } from 'electron';
import type { DesktopHost } from '#main/console/context.ts';
import { FolderDialog } from './folder-dialog.ts';

export function createDesktopHost(): DesktopHost {
  const folders = new FolderDialog();
  return {
    chooseFolder: (repository) => folders.chooseFolder(repository),
    hasChosen: (directory) => folders.hasChosen(directory),
    restart: () => {
      app.relaunch();
      app.quit();
    },
  };
}
