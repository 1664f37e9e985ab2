/**
 * What the server knows about its repositories, read once a second while somebody looks: one answer is kept, the
 * newest, and the next is asked for when the last has come. What was read stays when the connection is lost.
 */
import type { RepositoryList } from '#shared/contract/repositories.ts';
import { messageOf } from '#shared/errors.ts';
import { inTime, type Follower } from '../rpc/follow.ts';
import { Polling } from './polling.ts';
import { Signal } from './signal.ts';

/** How often somebody who looks gets something new, in milliseconds. */
export const listIntervalMs = 1000;

export class RepositoryStore {
  readonly changed = new Signal(0);
  readonly #call: Follower['call'];
  readonly #polling = new Polling(() => this.#read(), listIntervalMs);
  #list: RepositoryList | undefined;
  #failure: string | undefined;

  constructor(call: Follower['call']) {
    this.#call = call;
  }

  /** The newest answer; `undefined` until the first. */
  get list(): RepositoryList | undefined {
    return this.#list;
  }

  /** Why the last reading failed: a sentence. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** Reads until the returned function is called. */
  follow(): () => void {
    return this.#polling.follow();
  }

  /** Reads at once: something has been changed from here. */
  readonly refresh = (): void => this.#polling.refresh();

  async #read(): Promise<void> {
    try {
      this.#list = await inTime(this.#call((client) => client.repositories.list()));
      this.#failure = undefined;
    } catch (error) {
      this.#failure = messageOf(error);
    }
    this.changed.touch();
  }
}
