/** What a window on the desktop can do for its console: the system's dialogs and notices, windows, a new start. */
import { app, BrowserWindow, Notification, type WebContents } from 'electron';
import type { DesktopHost } from '#main/console/context.ts';
import { FolderDialog } from './folder-dialog.ts';
import { saveExport } from './save-dialog.ts';
import { openConsole, showWindow, tell } from './window.ts';

/** Notices that somebody may still click on: the oldest are forgotten first. */
const maxNotices = 20;
const notices = new Set<Notification>();

/** For the page of `contents`. */
export function createDesktopHost(contents: WebContents): DesktopHost {
  const folders = new FolderDialog();
  return {
    chooseFolder: (repository) => folders.chooseFolder(repository),
    hasChosen: (directory) => folders.hasChosen(directory),
    saveExport: (answer) => saveExport(contents, answer),
    restart: () => {
      app.relaunch();
      app.quit();
    },
    openWindow: (hash) => void openConsole(hash),
    notify: ({ title, body, hash }) => {
      if (!Notification.isSupported()) return;
      const notice = new Notification({ title, body });
      notice.on('click', () => {
        const window = BrowserWindow.fromWebContents(contents) ?? undefined;
        showWindow(window);
        if (hash !== undefined) tell(window, { kind: 'go', hash });
      });
      notice.once('close', () => notices.delete(notice));
      notices.add(notice);
      for (const oldest of notices) if (notices.size > maxNotices) notices.delete(oldest);
      notice.show();
    },
  };
}
