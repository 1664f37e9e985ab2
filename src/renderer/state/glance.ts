/**
 * A server that nobody looks at, but that is listed: whether it answers, who it is and how full its memory is. No
 * history, so any number of them costs next to nothing.
 */
import type { Frame, Hello } from '#shared/model.ts';
import type { FollowSink } from '../rpc/follow.ts';
import type { ConnectionState } from './live-store.ts';
import { Signal, textIntervalMs } from './signal.ts';

/** What one may hold, in bytes: a hello and a few numbers. */
export const glanceLimitBytes = 8 * 1024;

export class Glance implements FollowSink {
  readonly changed = new Signal(textIntervalMs);
  #connection: ConnectionState = { kind: 'connecting' };
  #hello: Hello | undefined;
  #memory: Usage | undefined;
  #cursor = -1;

  get connection(): ConnectionState {
    return this.#connection;
  }

  get currentHello(): Hello | undefined {
    return this.#hello;
  }

  get usage(): Usage | undefined {
    return this.#memory;
  }

  readonly cursor = (): number => this.#cursor;

  readonly connecting = (): void => this.#connect({ kind: 'connecting' });

  readonly lost = (reason: string, retryAt: number, attempt: number): void =>
    this.#connect({ kind: 'lost', reason, retryAt, attempt });

  readonly hello = (hello: Hello): void => {
    this.#hello = hello;
    this.#cursor = -1;
    this.#connect({ kind: 'live' });
  };

  readonly frame = ({ memory, cursor }: Frame): void => {
    this.#cursor = cursor;
    this.#memory = usageOf(memory);
    this.changed.touch();
  };

  #connect(state: ConnectionState): void {
    this.#connection = state;
    this.changed.touch();
  }
}

/** Bytes that something holds, of the budget: what is spare is not held. */
export interface Usage {
  readonly usedBytes: number;
  readonly budgetBytes: number;
}

export function usageOf({ ledgerBytes, budgetBytes, byState }: Frame['memory']): Usage {
  return { usedBytes: ledgerBytes - byState.spare, budgetBytes };
}
