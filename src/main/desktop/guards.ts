/**
 * What no page in Sluice may do, whatever it was tricked into: leave the console, open windows, embed other pages,
 * or ask for permissions. Applied to every web contents at its birth, so that no window can be forgotten.
 */
import { app, type Session, type WebContents } from 'electron';

/** Copying a command is the one permission that the console uses; Chromium gives it only on a user's gesture. */
const allowedPermission = 'clipboard-sanitized-write';

/** Call before the first window. */
export function installGuards(): void {
  app.on('web-contents-created', (_event, contents) => {
    refuseNavigation(contents);
    refusePermissions(contents.session);
  });
}

function refuseNavigation(contents: WebContents): void {
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

function refusePermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer) =>
    answer(permission === allowedPermission),
  );
  session.setPermissionCheckHandler((_contents, permission) => permission === allowedPermission);
  session.setDevicePermissionHandler(() => false);
}
