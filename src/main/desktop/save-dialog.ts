/** Where to save a file, asked with the system's own dialog; and then it is saved there. */
import { BrowserWindow, dialog, type WebContents } from 'electron';
import type { SavedAnswer } from '#main/console/context.ts';
import { saveAnswer } from './save-answer.ts';

/** What the server answers at `url`, in the file that somebody chooses at the window of `contents`. */
export async function saveExport(
  contents: WebContents,
  { url, name, ownToken }: SavedAnswer,
): Promise<string | undefined> {
  const defaultPath = name ?? url.pathname.split('/').at(-1) ?? 'requests';
  const options: Electron.SaveDialogOptions = { title: 'Save', defaultPath };
  const window = BrowserWindow.fromWebContents(contents);
  const answer = await (window ? dialog.showSaveDialog(window, options) : dialog.showSaveDialog(options));
  if (answer.canceled || answer.filePath === '') return undefined;
  await saveAnswer(url, answer.filePath, ownToken);
  return answer.filePath;
}
