/** Profiles that the server takes of itself: which there are, taking one, and fetching its bytes. */
import type { Capture, CaptureRequest, SnapshotCost } from '#shared/contract/profiles.ts';
import { messageOf } from '#shared/errors.ts';
import { maxProfileBytes } from '#shared/profile/profile.ts';
import { keptCaptures } from '#shared/vocabulary/profiles.ts';
import { inTime, type Follower } from '../rpc/follow.ts';
import { type Footprint, footprintOf } from './footprint.ts';
import { Polling } from './polling.ts';
import { Signal } from './signal.ts';

/** Also while none is running: somebody else may take one. */
const intervalMs = 1000;
/** What a capture takes in the list: an estimate. */
const captureBytes = 1024;

/** The file of a capture on its way into the page. */
export interface Fetching {
  readonly id: string;
  /** From 0 to 1. */
  readonly share: number;
}

export class CaptureStore {
  readonly changed = new Signal(0);
  readonly #call: Follower['call'];
  #captures: readonly Capture[] | undefined;
  #failure: string | undefined;
  #refusal: string | undefined;
  #fetching: (Fetching & { readonly abort: AbortController }) | undefined;
  #isAsking = false;
  readonly #polling = new Polling(() => this.#read(), intervalMs);

  constructor(call: Follower['call']) {
    this.#call = call;
  }

  /** The newest first; `undefined` until the first answer. */
  get captures(): readonly Capture[] | undefined {
    return this.#captures;
  }

  get running(): Capture | undefined {
    return this.#captures?.find(({ state }) => state === 'running');
  }

  /** Why the list could not be read. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** Why what somebody asked for was not done; until the next is asked for. */
  get refusal(): string | undefined {
    return this.#refusal;
  }

  get fetching(): Fetching | undefined {
    return this.#fetching;
  }

  /** An answer is awaited. */
  get isAsking(): boolean {
    return this.#isAsking;
  }

  /** The list; a file is fetched for whoever asks, who then has it. */
  get footprint(): Footprint {
    return footprintOf([{ count: this.#captures?.length ?? 0, most: keptCaptures, eachBytes: captureBytes }]);
  }

  /** Reads until the returned function is called. */
  follow(): () => void {
    const stop = this.#polling.follow();
    return () => {
      stop();
      this.stopFetching();
    };
  }

  start(request: CaptureRequest): Promise<void> {
    return this.#ask(async () => {
      await this.#call((client) => client.profiles.capture(request));
    });
  }

  /** Ends it if it is running. */
  remove(id: string): Promise<void> {
    return this.#ask(async () => {
      await this.#call((client) => client.profiles.remove({ id }));
    });
  }

  /** `undefined` when it cannot be had: `refusal` says why. */
  async estimate(): Promise<SnapshotCost | undefined> {
    let cost: SnapshotCost | undefined;
    await this.#ask(async () => {
      cost = await inTime(this.#call((client) => client.profiles.estimate()));
    });
    return cost;
  }

  /** The file, piece after piece; `undefined` when it is ended or fails. One at a time: the last that is asked for. */
  async fetch({ id, bytes, name }: Capture): Promise<Uint8Array<ArrayBuffer> | undefined> {
    this.stopFetching();
    this.#refusal = undefined;
    if (bytes > maxProfileBytes) {
      this.#refuse(`${name} is too large for the page: use sluice profile on the command line`);
      return undefined;
    }
    const abort = new AbortController();
    const show = (share: number): void => {
      this.#fetching = { id, share, abort };
      this.changed.touch();
    };
    show(0);
    try {
      const file = new Uint8Array(bytes);
      for (let offset: number | undefined = 0; offset !== undefined;) {
        const at: number = offset;
        const piece = await inTime(this.#call((client) => client.profiles.read({ id, offset: at })));
        if (abort.signal.aborted) return undefined;
        file.set(
          Uint8Array.from(atob(piece.base64), (letter) => letter.charCodeAt(0)),
          at,
        );
        offset = piece.next;
        show((offset ?? bytes) / Math.max(1, bytes));
      }
      return file;
    } catch (error) {
      if (!abort.signal.aborted) this.#refuse(messageOf(error));
      return undefined;
    } finally {
      if (this.#fetching?.abort === abort) this.#fetching = undefined;
      this.changed.touch();
    }
  }

  /** Whoever has read the refusal. */
  forgive(): void {
    this.#refusal = undefined;
    this.changed.touch();
  }

  stopFetching(): void {
    this.#fetching?.abort.abort();
    this.#fetching = undefined;
  }

  async #read(): Promise<void> {
    try {
      const { captures } = await inTime(this.#call((client) => client.profiles.list()));
      this.#captures = captures;
      this.#failure = undefined;
    } catch (error) {
      this.#failure = messageOf(error);
    }
    this.changed.touch();
  }

  async #ask(work: () => Promise<void>): Promise<void> {
    this.#refusal = undefined;
    this.#isAsking = true;
    this.changed.touch();
    try {
      await work();
    } catch (error) {
      this.#refusal = messageOf(error);
    }
    this.#isAsking = false;
    this.changed.touch();
    this.#polling.refresh();
  }

  #refuse(sentence: string): void {
    this.#refusal = sentence;
    this.changed.touch();
  }
}
