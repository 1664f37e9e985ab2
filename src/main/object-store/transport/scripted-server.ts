/** For tests: a server that reads request heads and answers each with whatever bytes a script writes. */
import { once } from 'node:events';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Certificate } from './self-signed.ts';

/** Answers the request with this head; the number counts all requests, from 1. */
export type Script = (socket: Socket, number: number, head: string) => unknown;

export interface ScriptedServer extends AsyncDisposable {
  readonly port: number;
  /** The heads of all requests so far. */
  readonly heads: readonly string[];
  /** Connections accepted so far, and those that are open. */
  readonly accepted: number;
  readonly open: number;
  script: Script;
}

export async function startScriptedServer(
  script: Script,
  certificate?: Certificate,
): Promise<ScriptedServer> {
  const heads: string[] = [];
  const sockets = new Set<Socket>();
  let accepted = 0;
  const server = certificate ? createTlsServer(certificate) : createTcpServer({ noDelay: true });
  server.on(certificate ? 'secureConnection' : 'connection', (socket: Socket) => {
    accepted += 1;
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    let text = '';
    socket.setEncoding('latin1').on('data', (piece: string) => {
      text += piece;
      for (let end = text.indexOf('\r\n\r\n'); end !== -1; end = text.indexOf('\r\n\r\n')) {
        const head = text.slice(0, end);
        text = text.slice(end + 4);
        scripted.script(socket, heads.push(head), head);
      }
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const scripted: ScriptedServer = {
    port: (server.address() as AddressInfo).port,
    heads,
    script,
    get accepted() {
      return accepted;
    },
    get open() {
      return sockets.size;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return scripted;
}

/** An answer with this body, as S3 gives a range. */
export function partial(body: Uint8Array, ...lines: readonly string[]): Buffer {
  const head = ['HTTP/1.1 206 Partial Content', `Content-Length: ${body.length}`, ...lines, '', ''];
  return Buffer.concat([Buffer.from(head.join('\r\n'), 'latin1'), body]);
}
