/**
 * Passes the messages of a console on to another server, and its answers back, as they are. Whoever sends waits for
 * whoever takes: a console that reads slowly makes the relay read slowly, and the far server builds no frame that
 * nobody asks for. So at most 256 KiB and one message are held here, each way, for each console.
 */
import type { RawData, WebSocket } from 'ws';
import { KiB } from '#shared/units.ts';

/** Above this nothing more is read for a socket, and below half of it again. */
const pauseBytes = 256 * KiB;

/** Close code (RFC 6455, section 7.4): the other side has gone. */
const goneCode = 1001;

/** Joins two sockets. Each ends with the other. */
export function relay(near: WebSocket, far: WebSocket): void {
  pass(near, far);
  pass(far, near);
}

/** What `from` says goes to `to`. */
function pass(from: WebSocket, to: WebSocket): void {
  from.on('message', (data: RawData, isBinary: boolean) => {
    to.send(data, { binary: isBinary }, () => {
      if (from.isPaused && to.bufferedAmount < pauseBytes / 2) from.resume();
    });
    if (to.bufferedAmount > pauseBytes) from.pause();
  });
  from.once('close', (code: number, reason: Buffer) => {
    to.resume();
    to.close(isSendable(code) ? code : goneCode, reason.toString());
  });
}

/** Some codes only say how a connection ended, and are never sent (RFC 6455, section 7.4.1). */
function isSendable(code: number): boolean {
  return (
    (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) || (code >= 3000 && code <= 4999)
  );
}
