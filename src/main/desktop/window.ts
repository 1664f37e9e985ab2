/** The console's window: a sandboxed page without Node, shown when it has something to show. */
import { BrowserWindow, nativeTheme } from 'electron';
import { consoleOrigin } from './protocol.ts';

/** The page's own background in each theme, so that opening and resizing do not flash. */
const background = { dark: '#0E1116', light: '#FAFBFC' };

/** Opens the console. Resolves when the page has loaded. */
export async function openConsole(preloadFile: string): Promise<BrowserWindow> {
  const window = new BrowserWindow({
    title: 'Sluice',
    width: 1280,
    height: 800,
    minWidth: 900,
    minHeight: 600,
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
  window.once('ready-to-show', () => window.show());
  await window.loadURL(`${consoleOrigin}/`);
  return window;
}
