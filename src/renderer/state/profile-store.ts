/**
 * The profiles that are open in this window: reading them, asking about them, closing them. They are read and kept in
 * workers; nothing of them leaves the machine.
 */
import { maxProfileBytes } from '#shared/profile/profile.ts';
import { formatBytes, KiB, MiB } from '#shared/units.ts';
import type { Footprint } from './footprint.ts';
import { notify } from './notifications.ts';
import {
  type Answer,
  type Ask,
  type Failure,
  type FromWorker,
  maxHeldBytes,
  maxOpened,
  type ProfileInfo,
  type QuestionName,
  type ToWorker,
} from './profile-questions.ts';
import { Signal } from './signal.ts';

/** A worker that has been started. */
export interface StartedWorker {
  readonly post: (message: ToWorker, transfer: Transferable[]) => void;
  readonly end: () => void;
}

/** Starts one: `hear` gets its messages, `stopped` is called when it dies by itself. */
export type StartWorker = (hear: (message: FromWorker) => void, stopped: () => void) => StartedWorker;

/** A file on its way to be a profile, or one that could not be. */
export interface Opening {
  readonly number: number;
  readonly name: string;
  readonly bytes: number;
  readonly state: 'waiting' | 'reading' | 'failed';
  /** The share that has been read, from 0 to 1. */
  readonly share: number;
  readonly failure?: Failure;
}

interface Waiting {
  readonly number: number;
  readonly file: File;
}

interface Asking {
  readonly resolve: (answer: Answer<QuestionName>) => void;
  readonly reject: (error: Error) => void;
}

/** Files that could not be read are remembered up to so many. */
const maxFailures = 5;
/** The largest answer: an icicle with all of its boxes, and a table with all of its rows. */
const answerLimitBytes = 3 * MiB;
const stoppedSentence =
  'A worker stopped without a word; most likely a profile needs more memory than this page may have.';

const startWorker: StartWorker = (hear, stopped) => {
  const worker = new Worker(new URL('profile-worker.ts', import.meta.url), {
    type: 'module',
    name: 'profiles',
  });
  worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => hear(data));
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    stopped();
  });
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    end: () => worker.terminate(),
  };
};

export class ProfileStore {
  /** Profiles are open or closed, files are on their way or not. */
  readonly changed = new Signal(0);
  readonly #start: StartWorker;
  readonly #listeners = new Set<(info: ProfileInfo) => void>();
  readonly #asked = new Map<number, Asking>();
  #keeper: StartedWorker | undefined;
  #reader: { readonly number: number; readonly worker: StartedWorker } | undefined;
  #profiles: readonly ProfileInfo[] = [];
  #openings: readonly Opening[] = [];
  #queue: readonly Waiting[] = [];
  #next = 1;

  constructor(start: StartWorker = startWorker) {
    this.#start = start;
  }

  /** In the order in which they were opened. */
  get profiles(): readonly ProfileInfo[] {
    return this.#profiles;
  }

  get openings(): readonly Opening[] {
    return this.#openings;
  }

  /** What they take in the worker, about, and may. */
  get held(): Footprint {
    return {
      usedBytes: this.#profiles.reduce((sum, { heldBytes }) => sum + heldBytes, 0),
      limitBytes: maxHeldBytes,
    };
  }

  /** What the page itself has of them: a picture and a table of what is looked at, and their names. */
  get footprint(): Footprint {
    const names = 2 * KiB;
    return {
      usedBytes: this.#profiles.length * names + (this.#profiles.length > 0 ? answerLimitBytes : 0),
      limitBytes: maxOpened * names + answerLimitBytes,
    };
  }

  /** The profile with this content. */
  find(id: string | undefined): ProfileInfo | undefined {
    return this.#profiles.find((each) => each.id === id);
  }

  /** Hears of each profile as it is opened. Call the result to stop. */
  onOpened(listener: (info: ProfileInfo) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Reads a file in its turn. What is wrong with it stands in `openings`. */
  openFile(file: File): void {
    const number = this.#next;
    this.#next += 1;
    const opening: Opening = { number, name: file.name, bytes: file.size, state: 'waiting', share: 0 };
    this.#openings = [...this.#openings, opening];
    const refusal = this.#refusal(file);
    if (refusal !== undefined) this.#fail(number, { sentence: refusal });
    else this.#queue = [...this.#queue, { number, file }];
    this.#readNext();
  }

  /** The same for what is in memory; the bytes stay the caller's. */
  openBytes(name: string, bytes: Uint8Array): void {
    this.openFile(new File([new Uint8Array(bytes)], name));
  }

  /** Calls a reading off, or forgets that it failed. */
  cancel(number: number): void {
    this.#queue = this.#queue.filter((each) => each.number !== number);
    this.#openings = this.#openings.filter((each) => each.number !== number);
    this.#endReader(number);
    this.#readNext();
  }

  /** Forgets a profile, and frees what it takes. */
  close(id: string): void {
    this.#profiles = this.#profiles.filter((each) => each.id !== id);
    if (this.#profiles.length > 0) this.#keeper?.post({ kind: 'close', id }, []);
    // The last one: the worker's memory goes back with it.
    else this.#endKeeper(new Error('The profile was closed.'));
    this.changed.touch();
  }

  /** @throws a sentence: the profile is closed, or does not have what is asked for */
  ask<K extends QuestionName>(name: K, ask: Ask<K>): Promise<Answer<K>> {
    const number = this.#next;
    this.#next += 1;
    const keeper = this.#keep();
    return new Promise((resolve, reject) => {
      this.#asked.set(number, { resolve, reject });
      keeper.post({ kind: 'ask', number, name, ask } as ToWorker, []);
    });
  }

  #refusal({ name, size }: File): string | undefined {
    if (size > maxProfileBytes)
      return `${name} has ${formatBytes(size)}: up to ${formatBytes(maxProfileBytes)} are read here.`;
    if (this.#profiles.length + this.#queue.length + (this.#reader ? 1 : 0) >= maxOpened)
      return `${maxOpened} profiles can be open at a time: close one, and open ${name} again.`;
    return undefined;
  }

  #readNext(): void {
    const [next, ...others] = this.#queue;
    if (!this.#reader && next) {
      this.#queue = others;
      this.#read(next);
    }
    this.changed.touch();
  }

  #read({ number, file }: Waiting): void {
    const worker = this.#start(
      (message) => {
        if (message.kind === 'progress') {
          this.#update(number, { share: message.share });
          this.changed.touch();
        } else if (message.kind === 'unreadable') this.#fail(number, message.failure);
      },
      () => this.#fail(number, { sentence: stoppedSentence }),
    );
    const { port1, port2 } = new MessageChannel();
    this.#reader = { number, worker };
    this.#update(number, { state: 'reading' });
    this.#keep().post({ kind: 'listen', from: port2, number }, [port2]);
    worker.post({ kind: 'read', file, to: port1 }, [port1]);
  }

  /** The worker that keeps what was read; started when it is first wanted. */
  #keep(): StartedWorker {
    this.#keeper ??= this.#start(
      (message) => this.#hear(message),
      () => {
        this.#profiles = [];
        this.#endKeeper(new Error(stoppedSentence));
        notify({ kind: 'failed', title: 'All profiles were closed', body: stoppedSentence });
        this.changed.touch();
      },
    );
    return this.#keeper;
  }

  #hear(message: FromWorker): void {
    if (message.kind === 'opened') this.#opened(message.number, message.info);
    else if (message.kind === 'refused') this.#fail(message.number, message.failure);
    else if (message.kind === 'answer') this.#take(message.number)?.resolve(message.answer);
    else if (message.kind === 'failed')
      this.#take(message.number)?.reject(new Error(message.failure.sentence));
  }

  #take(number: number): Asking | undefined {
    const asking = this.#asked.get(number);
    this.#asked.delete(number);
    return asking;
  }

  #opened(number: number, info: ProfileInfo): void {
    if (!this.#openings.some((each) => each.number === number)) {
      // It was called off when it was done already.
      if (!this.find(info.id)) this.#keeper?.post({ kind: 'close', id: info.id }, []);
      return;
    }
    this.#openings = this.#openings.filter((each) => each.number !== number);
    this.#profiles = [...this.#profiles.filter(({ id }) => id !== info.id), info];
    this.#endReader(number);
    this.#readNext();
    for (const listener of this.#listeners) listener(info);
  }

  #fail(number: number, failure: Failure): void {
    this.#update(number, { state: 'failed', failure });
    const failed = this.#openings.filter(({ state }) => state === 'failed');
    const forgotten = new Set(failed.slice(0, -maxFailures));
    this.#openings = this.#openings.filter((each) => !forgotten.has(each));
    this.#endReader(number);
    this.#readNext();
  }

  #update(number: number, change: Partial<Opening>): void {
    this.#openings = this.#openings.map((each) => (each.number === number ? { ...each, ...change } : each));
  }

  #endReader(number: number): void {
    if (this.#reader?.number !== number) return;
    this.#reader.worker.end();
    this.#reader = undefined;
  }

  #endKeeper(why: Error): void {
    // Whoever is about to hand something over to it needs it.
    if (!this.#reader) {
      this.#keeper?.end();
      this.#keeper = undefined;
    }
    for (const { reject } of this.#asked.values()) reject(why);
    this.#asked.clear();
  }
}

export const theProfiles = new ProfileStore();

/** Opens a file of any format that is read here, for Heap › Profiles. */
export function openFile(file: File): void {
  theProfiles.openFile(file);
}

/** The same for what is in memory. */
export function openBytes(name: string, bytes: Uint8Array): void {
  theProfiles.openBytes(name, bytes);
}
