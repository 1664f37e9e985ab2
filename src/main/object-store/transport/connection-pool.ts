/** Connections that can be used again. A busy one is bounded by whoever asks; idle ones by number and time. */
import { abortedError } from '#main/object-store/cancel.ts';
import { SluiceError } from '#shared/errors.ts';
import type { ConnectionMemory } from '#main/object-store/object-store.ts';
import type { Answer } from './answer-reader.ts';
import { Connection } from './connection.ts';
import type { Trust } from './connection.ts';
import type { Origin } from './request-head.ts';
import { ScratchPool } from './scratch.ts';

/** Less than the five seconds after which many servers hang up, which would meet a request on its way. */
const defaultIdleMilliseconds = 4000;
/** For each origin; more are closed when they become free. */
export const maxIdleConnections = 64;

export interface ConnectionPoolOptions {
  readonly trust?: Trust | undefined;
  readonly idleMilliseconds?: number | undefined;
  /** Where the buffers come from; absent: ordinary memory. */
  readonly memory?: ConnectionMemory | undefined;
}

export class ConnectionPool {
  readonly #trust: Trust;
  readonly #idleMilliseconds: number;
  readonly #scratch: ScratchPool;
  readonly #all = new Set<Connection>();
  /** The one used last is last. */
  readonly #idle = new Map<string, Connection[]>();

  constructor({
    trust = {},
    idleMilliseconds = defaultIdleMilliseconds,
    memory,
  }: ConnectionPoolOptions = {}) {
    this.#trust = trust;
    this.#idleMilliseconds = idleMilliseconds;
    this.#scratch = new ScratchPool(memory);
  }

  /** Bytes of the buffers of all connections. */
  get heldBytes(): number {
    return this.#scratch.lentBytes;
  }

  /**
   * Sends `head` and waits for the head of the answer. The signal ends the connection in the same tick, also while
   * the body comes, or waits for its reader.
   * @throws SluiceError ABORTED, STORE_MISBEHAVED, STORE_UNAVAILABLE; the errors of node:net and node:tls
   */
  exchange(origin: Origin, head: string, signal: AbortSignal | undefined): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) throw abortedError(signal);
      const connection = this.#take(origin);
      const onAbort = () => signal && connection.destroy(abortedError(signal));
      signal?.addEventListener('abort', onAbort, { once: true });
      connection.send(head, {
        onAnswer: resolve,
        onFailure: reject,
        onEnd: () => {
          signal?.removeEventListener('abort', onAbort);
          this.#give(origin, connection);
        },
      });
    });
  }

  /** Ends all connections. */
  destroy(): void {
    for (const connection of this.#all) connection.destroy(new SluiceError('ABORTED', 'the store is closed'));
  }

  #take(origin: Origin): Connection {
    const idle = this.#idleOf(origin);
    for (let last = idle.pop(); last; last = idle.pop()) if (last.free) return last;
    const connection: Connection = new Connection(origin, this.#trust, this.#scratch, () => {
      this.#all.delete(connection);
      const index = idle.indexOf(connection);
      if (index !== -1) idle.splice(index, 1);
    });
    this.#all.add(connection);
    return connection;
  }

  #give(origin: Origin, connection: Connection): void {
    const idle = this.#idleOf(origin);
    if (!connection.free) return;
    if (idle.length === maxIdleConnections) {
      connection.destroy(new SluiceError('ABORTED', 'there are enough connections'));
    } else {
      idle.push(connection);
      connection.rest(this.#idleMilliseconds);
    }
  }

  #idleOf({ secure, host, port }: Origin): Connection[] {
    const name = `${secure ? 'https' : 'http'}://${host}:${port}`;
    const idle = this.#idle.get(name) ?? [];
    this.#idle.set(name, idle);
    return idle;
  }
}
