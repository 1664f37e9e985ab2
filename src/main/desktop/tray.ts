/**
 * The icon in the system tray, for those who asked for it (`--tray`): the window may then be closed while serving goes
 * on. Where the desktop shows no tray, an icon would be nowhere and a closed window lost, so there is none and the
 * window closes as usual.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { app, Menu, nativeImage, Tray } from 'electron';
import { openConsole, currentWindow, showWindow } from './window.ts';

let tray: Tray | undefined;

/** Whether closing the last window leaves the program running. */
export function isInTray(): boolean {
  return tray !== undefined;
}

/** Shows the icon, or says why there is none. */
export async function keepInTray(): Promise<void> {
  if (!(await hasTray())) {
    process.stderr.write('sluice: this desktop shows no tray; the program ends when its window is closed\n');
    return;
  }
  tray = new Tray(drawMark());
  tray.setToolTip('Sluice');
  tray.setContextMenu(
    Menu.buildFromTemplate([
      { label: 'Show Sluice', click: show },
      { type: 'separator' },
      { label: 'Quit', click: () => app.quit() },
    ]),
  );
  tray.on('click', show);
}

function show(): void {
  if (currentWindow()) showWindow();
  else void openConsole();
}

/** On Linux a desktop that shows icons has a program with this name on the session's bus. */
async function hasTray(): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  const ask = [
    'call',
    '--session',
    '--dest=org.freedesktop.DBus',
    '--object-path=/org/freedesktop/DBus',
    '--method=org.freedesktop.DBus.NameHasOwner',
    'org.kde.StatusNotifierWatcher',
  ];
  const answer = promisify(execFile)('gdbus', ask, { timeout: 3000 });
  return answer.then(
    ({ stdout }) => stdout.includes('true'),
    () => false,
  );
}

const size = 22;

/** The mark: two gates, and the water between them held at its level. Each part: left, top, right, bottom, BGRA. */
const parts = [
  [2, 3, 7, 19, [0xea, 0xe6, 0xe6, 0xff]],
  [15, 3, 20, 19, [0xea, 0xe6, 0xe6, 0xff]],
  [8, 10, 14, 19, [0x00, 0xa8, 0xf5, 0xff]],
  [8, 3, 14, 6, [0xd6, 0x82, 0x3b, 0xff]],
] as const;

function drawMark(): Electron.NativeImage {
  const pixels = Buffer.alloc(size * size * 4);
  for (const [left, top, right, bottom, color] of parts) {
    for (let y = top; y < bottom; y += 1) {
      for (let x = left; x < right; x += 1) pixels.set(color, (y * size + x) * 4);
    }
  }
  return nativeImage.createFromBitmap(pixels, { width: size, height: size });
}
