/** Notices as the system shows them, while nobody sees the console: off until somebody switches them on. */
import { theNotifications } from './notifications.ts';
import { Signal } from './signal.ts';

const storageKey = 'sluice.desktop-notices';

export const desktopNoticesChanged = new Signal(0);

/** Whether the system shows notices at all here. */
export function canShowNotices(): boolean {
  return typeof Notification !== 'undefined' && Notification.permission !== 'denied';
}

export function desktopNoticesAreOn(): boolean {
  try {
    return (
      canShowNotices() && Notification.permission === 'granted' && localStorage.getItem(storageKey) === 'on'
    );
  } catch {
    return false;
  }
}

/** Asks for permission where there is none yet. */
export async function switchDesktopNotices(to: 'on' | 'off'): Promise<void> {
  const isAllowed = to === 'off' || (await Notification.requestPermission()) === 'granted';
  try {
    localStorage.setItem(storageKey, isAllowed ? to : 'off');
  } catch (error) {
    console.info('The choice is not remembered:', error);
  }
  desktopNoticesChanged.touch();
}

/** Shows what is announced while the page is hidden. */
export function showNoticesOnDesktop(): () => void {
  return theNotifications.onAnnounced(({ title, body = '', matter }) => {
    if (!document.hidden || !desktopNoticesAreOn()) return;
    const shown = new Notification(title, { body, tag: matter });
    shown.addEventListener('click', () => window.focus());
  });
}
