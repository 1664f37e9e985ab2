/** The console's windows: sandboxed pages without Node, shown when they have something to show. */
import { BrowserWindow, nativeTheme } from 'electron';
import { consoleOrigin } from './protocol.ts';
import { minimumSize } from './window-place.ts';
import { recallPlace, rememberPlace } from './window-store.ts';

/** The page's own background in each theme, so that opening and resizing do not flash. */
const background = { dark: '#0E1116', light: '#FAFBFC' };

/** How far a further window lies from the one before it, in pixels. */
const cascade = 28;

/** What the desktop tells its page; renderer/rpc/desktop.ts listens. */
export type DesktopWord =
  | { readonly kind: 'go'; readonly hash: string }
  | { readonly kind: 'command'; readonly name: string }
  | { readonly kind: 'open'; readonly name: string; readonly bytes: number };

let preload = '';

/** Opens the first window, or a further one, at `hash` (`#/live`). Resolves when the page has loaded. */
export async function openConsole(hash = '', preloadFile = preload): Promise<BrowserWindow> {
  preload = preloadFile;
  const place = recallPlace();
  const before = BrowserWindow.getAllWindows().length;
  const window = new BrowserWindow({
    title: 'Sluice',
    ...place.bounds,
    x: place.bounds.x + before * cascade,
    y: place.bounds.y + before * cascade,
    minWidth: minimumSize.width,
    minHeight: minimumSize.height,
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? background.dark : background.light,
    webPreferences: {
      preload: preloadFile,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      spellcheck: false,
    },
  });
  if (place.isMaximised && before === 0) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => rememberPlace(window));
  await window.loadURL(`${consoleOrigin}/${hash}`);
  window.webContents.setZoomFactor(place.zoom);
  return window;
}

/** Brings a window to the front: this one, or the one that was used last. */
export function showWindow(window = currentWindow()): void {
  if (!window) return;
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

/** The window that somebody works in. */
export function currentWindow(): BrowserWindow | undefined {
  return BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
}

/** Tells the page of `window`. The words go over as JSON: nothing in them is ever code. */
export function tell(window: BrowserWindow | undefined, word: DesktopWord): void {
  const detail = JSON.stringify(word).replaceAll('\u2028', '').replaceAll('\u2029', '');
  const script = `dispatchEvent(new CustomEvent('sluice:desktop', { detail: ${detail} })); undefined`;
  // A page that is being closed need not hear it.
  window?.webContents.executeJavaScript(script).catch(() => undefined);
}
