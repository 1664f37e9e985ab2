/**
 * Notices as the system shows them, while nobody sees the console: off until somebody switches them on. In the desktop
 * window the program itself tells the system; in a browser the page does, where it is allowed to.
 */
import { isDesktop } from '../rpc/desktop.ts';
import { theNotifications } from './notifications.ts';
import { Signal } from './signal.ts';

const storageKey = 'sluice.desktop-notices';

export const desktopNoticesChanged = new Signal(0);

interface DesktopNotice {
  readonly title: string;
  readonly body: string;
  readonly hash?: string;
}

/** Whether the system shows notices at all here. */
export function canShowNotices(): boolean {
  return isDesktop() || (typeof Notification !== 'undefined' && Notification.permission !== 'denied');
}

export function desktopNoticesAreOn(): boolean {
  const isAllowed = isDesktop() || (canShowNotices() && Notification.permission === 'granted');
  try {
    return isAllowed && localStorage.getItem(storageKey) === 'on';
  } catch {
    return false;
  }
}

/** Asks for permission where it takes one. */
export async function switchDesktopNotices(to: 'on' | 'off'): Promise<void> {
  const isAllowed = to === 'off' || isDesktop() || (await Notification.requestPermission()) === 'granted';
  try {
    localStorage.setItem(storageKey, isAllowed ? to : 'off');
  } catch (error) {
    console.info('The choice is not remembered:', error);
  }
  desktopNoticesChanged.touch();
}

/** Shows what is announced while the page is hidden; `tell` has the desktop's program show it. */
export function showNoticesOnDesktop(tell: (notice: DesktopNotice) => Promise<unknown>): () => void {
  return theNotifications.onAnnounced(({ title, body = '', matter, href }) => {
    if (!document.hidden || !desktopNoticesAreOn()) return;
    if (isDesktop()) {
      // Without a connection the notice is in the list, and that is all.
      tell({ title, body, ...(href === undefined ? {} : { hash: href }) }).catch(() => undefined);
      return;
    }
    const shown = new Notification(title, { body, tag: matter });
    shown.addEventListener('click', () => {
      window.focus();
      if (href !== undefined) location.hash = href;
    });
  });
}
