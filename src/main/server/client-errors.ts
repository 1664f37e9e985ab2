/**
 * What node's parser refuses never becomes a request: it is answered here, by hand. But the same connection may be in
 * the middle of an earlier answer, and then a single byte of ours would be taken for a byte of its body. So answers
 * underway are remembered, and such a connection is cut instead.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

const underway = new WeakMap<Socket, Set<ServerResponse>>();

/** Remembers that an answer to `request` is underway until it has closed. */
export function rememberAnswer({ socket }: IncomingMessage, response: ServerResponse): void {
  const responses = underway.get(socket) ?? new Set();
  underway.set(socket, responses.add(response));
  response.once('close', () => responses.delete(response));
}

/** Answers a malformed request, where that is possible, and closes the connection. */
export function answerClientError(error: Error & { readonly code?: string }, socket: Socket): void {
  const begun = [...(underway.get(socket) ?? [])].some(({ headersSent }) => headersSent);
  if (begun || error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  socket.end(`HTTP/1.1 ${statusOf(error.code)}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function statusOf(code: string | undefined): string {
  if (code === 'HPE_HEADER_OVERFLOW') return '431 Request Header Fields Too Large';
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? '408 Request Timeout' : '400 Bad Request';
}
