/** The console's contract over Electron's MessagePort: the page sends a port, and its procedures are served on it. */
import { RPCHandler } from '@orpc/server/message-port';
import { ipcMain, type IpcMainEvent, type MessagePortMain } from 'electron';
import type { SluiceApp } from '#main/app.ts';
import { createDesktopHost } from './desktop-host.ts';
import { messageOf } from '#shared/errors.ts';
import { consoleOrigin } from './protocol.ts';

/** Serves the router, or another server that the page names, on every port that the console sends. */
export function hostConsolePorts({ router, remotes }: SluiceApp): void {
  const handler = new RPCHandler(router);
  ipcMain.on('sluice:connect', (event, asked: { readonly server?: unknown } | null) => {
    const [port] = event.ports;
    if (!port || !isConsole(event)) return;
    if (typeof asked?.server === 'string') {
      void relayPort(port, asked.server, remotes);
      return;
    }
    handler.upgrade(port, { context: { role: 'operator', desktop: createDesktopHost(event.sender) } });
    port.start();
  });
}

/** Passes the port's messages on to another server and back. Whoever cannot be reached says why in a last message. */
async function relayPort(port: MessagePortMain, id: string, remotes: SluiceApp['remotes']): Promise<void> {
  try {
    const far = await remotes.connect(id);
    port.on('message', ({ data }: { readonly data: unknown }) => {
      if (typeof data === 'string' || data instanceof Uint8Array) far.send(data);
    });
    port.once('close', () => far.close());
    far.on('message', (data: Buffer, isBinary: boolean) => {
      port.postMessage(isBinary ? new Uint8Array(data) : data.toString());
    });
    far.once('close', (_code, reason) => end(port, reason.toString()));
    port.start();
  } catch (error) {
    end(port, messageOf(error));
  }
}

function end(port: MessagePortMain, farewell: string): void {
  port.postMessage({ farewell });
  port.close();
}

/** The top frame of the console's own page; frames inside it and other origins are not. */
function isConsole({ senderFrame }: IpcMainEvent): boolean {
  return senderFrame !== null && senderFrame.parent === null && senderFrame.origin === consoleOrigin;
}
