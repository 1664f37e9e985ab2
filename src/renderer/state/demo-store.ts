/** The demo of a server: whether it runs, read every few seconds and after each switch from here. */
import type { DemoState } from '#shared/contract/demo.ts';
import { messageOf } from '#shared/errors.ts';
import type { ConsoleClient } from '../rpc/connect.ts';
import { type Follower, inTime } from '../rpc/follow.ts';
import { notify } from './notifications.ts';
import { Signal } from './signal.ts';

/** Another console may have switched something, in milliseconds. */
const readIntervalMs = 3000;

export class DemoStore {
  readonly changed = new Signal(0);
  readonly #call: Follower['call'];
  #state: DemoState | undefined;

  constructor(call: Follower['call']) {
    this.#call = call;
  }

  /** `undefined` until the server has said, and for a server that has no demo. */
  get state(): DemoState | undefined {
    return this.#state;
  }

  /** Reads until the returned function is called. */
  follow(): () => void {
    void this.#read();
    const timer = setInterval(() => void this.#read(), readIntervalMs);
    return () => clearInterval(timer);
  }

  /** Switches something; says so when it cannot be done. */
  async act(work: (client: ConsoleClient) => Promise<DemoState>): Promise<void> {
    try {
      this.#set(await inTime(this.#call(work)));
    } catch (error) {
      notify({ kind: 'failed', title: 'The demo did not do that', body: messageOf(error) });
    }
  }

  async #read(): Promise<void> {
    if (document.hidden) return;
    try {
      this.#set(await inTime(this.#call((client) => client.demo.state())));
    } catch {
      this.#set(undefined);
    }
  }

  #set(state: DemoState | undefined): void {
    this.#state = state;
    this.changed.touch();
  }
}
