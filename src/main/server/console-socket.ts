/**
 * A console's socket, served within bounds. The console asks for what it shows, so what waits for it is what it asked
 * for and does not read: nothing more is read from a socket that does not take its answers, only so many calls are
 * under way for it, and one that stays far behind is given up (docs/adr/0003).
 */
import { ORPCError, type AnyRouter } from '@orpc/server';
import { RPCHandler } from '@orpc/server/ws';
import type { WebSocket } from 'ws';
import type { Role } from '#shared/vocabulary/live.ts';
import { KiB, MiB } from '#shared/units.ts';

interface Context {
  readonly role: Role;
}

export interface SocketLimits {
  /** Bytes that wait for a console; above it no more calls are read, below half of it again. */
  readonly pauseBytes: number;
  /** With more than this for so long, it is told to come again later. */
  readonly maxBacklogBytes: number;
  readonly patienceMilliseconds: number;
  readonly lookMilliseconds: number;
  /** Calls of one console that are under way at a time; one more is refused. */
  readonly maxCalls: number;
}

const usual: SocketLimits = {
  pauseBytes: 256 * KiB,
  maxBacklogBytes: MiB,
  patienceMilliseconds: 10_000,
  lookMilliseconds: 500,
  maxCalls: 32,
};

/** Try again later (RFC 6455, section 7.4, and its registry). */
const overloadedCode = 1013;

export class ConsoleSockets {
  readonly #limits: SocketLimits;
  readonly #calls = new WeakMap<object, number>();
  readonly #handler: RPCHandler<Context>;

  constructor(router: AnyRouter, limits: SocketLimits = usual) {
    this.#limits = limits;
    this.#handler = new RPCHandler<Context>(router, {
      interceptors: [(options) => this.#counted(options.context, () => options.next())],
    });
  }

  /** Serves the router on a socket that is open. */
  serve(socket: WebSocket, role: Role): void {
    // One for each socket: its calls are counted by it.
    void this.#handler.upgrade(socket, { context: { role } });
    this.watch(socket);
  }

  /** Reads no more from a socket that does not take what it is sent, and gives up one that stays far behind. */
  watch(socket: WebSocket): void {
    const { pauseBytes, maxBacklogBytes, patienceMilliseconds, lookMilliseconds } = this.#limits;
    let behindSince: number | undefined;
    socket.on('message', () => {
      if (socket.bufferedAmount > pauseBytes) socket.pause();
    });
    const timer = setInterval(() => {
      const waiting = socket.bufferedAmount;
      if (socket.isPaused && waiting < pauseBytes / 2) socket.resume();
      const now = performance.now();
      behindSince = waiting > maxBacklogBytes ? (behindSince ?? now) : undefined;
      if (behindSince === undefined || now - behindSince < patienceMilliseconds) return;
      clearInterval(timer);
      // What it has still to say is how it ends.
      socket.resume();
      socket.close(overloadedCode, 'too much waits to be read; connect again');
    }, lookMilliseconds).unref();
    socket.once('close', () => clearInterval(timer));
  }

  async #counted<T>(context: Context, next: () => Promise<T>): Promise<T> {
    const calls = this.#calls.get(context) ?? 0;
    if (calls >= this.#limits.maxCalls) {
      throw new ORPCError('TOO_MANY_REQUESTS', {
        message: `more than ${this.#limits.maxCalls} calls at a time`,
      });
    }
    this.#calls.set(context, calls + 1);
    try {
      return await next();
    } finally {
      this.#calls.set(context, (this.#calls.get(context) ?? 1) - 1);
    }
  }
}
