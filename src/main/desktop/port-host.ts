/** The console's contract over Electron's MessagePort: the page sends a port, and its procedures are served on it. */
import { RPCHandler } from '@orpc/server/message-port';
import { ipcMain, type IpcMainEvent } from 'electron';
import type { SluiceApp } from '#main/app.ts';
import { createDesktopHost } from './desktop-host.ts';
import { consoleOrigin } from './protocol.ts';

/** Serves `router` on every port that the console sends. Whoever else sends one is ignored. */
export function hostConsolePorts(router: SluiceApp['router']): void {
  const handler = new RPCHandler(router);
  const context = { role: 'operator', desktop: createDesktopHost() } as const;
  ipcMain.on('sluice:connect', (event) => {
    const [port] = event.ports;
    if (!port || !isConsole(event)) return;
    handler.upgrade(port, { context });
    port.start();
  });
}

/** The top frame of the console's own page; frames inside it and other origins are not. */
function isConsole({ senderFrame }: IpcMainEvent): boolean {
  return senderFrame !== null && senderFrame.parent === null && senderFrame.origin === consoleOrigin;
}
