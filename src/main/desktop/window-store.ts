/** The places of windows, on disk: a file in the desktop's own folder, written when a window closes. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { app, screen, type BrowserWindow } from 'electron';
import { keepPlace, placeFor, readPlaces, type WindowPlace, type WindowPlaces } from './window-place.ts';

/** Where a new window opens. */
export function recallPlace(): WindowPlace {
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter(({ id }) => id !== primary.id);
  const area = ({ id, workArea }: Electron.Display) => ({ id: String(id), workArea });
  return placeFor(read(), [area(primary), ...others.map(area)]);
}

/** Keeps the place of `window` for the next one. Best effort: a disk that is full must not keep a window open. */
export function rememberPlace(window: BrowserWindow): void {
  const bounds = window.getNormalBounds();
  const { id } = screen.getDisplayMatching(bounds);
  const place = { bounds, isMaximised: window.isMaximized(), zoom: window.webContents.getZoomFactor() };
  try {
    const incoming = `${file()}.incoming`;
    writeFileSync(incoming, JSON.stringify(keepPlace(read(), String(id), place)), { mode: 0o600 });
    renameSync(incoming, file());
  } catch {
    // The next window opens where the last but one was.
  }
}

function read(): WindowPlaces {
  try {
    return readPlaces(readFileSync(file(), 'utf8'));
  } catch {
    return readPlaces('');
  }
}

function file(): string {
  return join(app.getPath('userData'), 'windows.json');
}
