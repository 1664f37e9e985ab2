/** Where to save an export, asked with the system's own dialog; and then it is saved there. */
import { BrowserWindow, dialog, type WebContents } from 'electron';
import { saveAnswer } from './save-answer.ts';

/** What the server answers at `url`, in the file that somebody chooses at the window of `contents`. */
export async function saveExport(
  contents: WebContents,
  url: URL,
  ownToken?: string,
): Promise<string | undefined> {
  const name = url.pathname.split('/').at(-1) ?? 'requests';
  const options: Electron.SaveDialogOptions = { title: 'Export requests', defaultPath: name };
  const window = BrowserWindow.fromWebContents(contents);
  const answer = await (window ? dialog.showSaveDialog(window, options) : dialog.showSaveDialog(options));
  if (answer.canceled || answer.filePath === '') return undefined;
  await saveAnswer(url, answer.filePath, ownToken);
  return answer.filePath;
}
