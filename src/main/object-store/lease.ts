/**
 * Leases: which of several processes does something. A lease is a record of who has it and until when, in a register
 * that compares before it writes; the holder writes it again four times in its life, and a record whose time is over
 * can be taken over. Times are those of each process's own clock: where they differ by more than the life of a
 * lease, work is done twice, and no more harm than that.
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { ignore } from './cancel.ts';

const recordSchema = z.object({ holder: z.string(), expiresAt: z.number() });

interface LeaseRecord {
  readonly holder: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** A record as it was read, and what names that revision of it. */
export interface ReadLease {
  readonly text: string;
  readonly pin: string;
}

/** Where the record of one lease is. */
export interface LeaseRegister {
  read(signal: AbortSignal): Promise<ReadLease | undefined>;
  /**
   * Writes over exactly the revision `over`, or where there is none. Resolves with the new revision; `undefined` when
   * somebody else was faster.
   */
  write(text: string, over: string | undefined, signal: AbortSignal): Promise<string | undefined>;
  /** Removes it, whatever it is. */
  remove(signal: AbortSignal): Promise<void>;
}

export interface LeaseOptions {
  readonly ttlMs: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** As ObjectStore.lease. */
export async function takeLease(
  register: LeaseRegister,
  options: LeaseOptions,
  signal: AbortSignal,
): Promise<AsyncDisposable | undefined> {
  const found = await register.read(signal);
  const record = found && parseRecord(found.text);
  if (record && record.expiresAt > options.now()) return undefined;
  const lease = new HeldLease(register, options);
  return (await lease.write(found?.pin, signal)) ? lease.keep() : undefined;
}

class HeldLease implements AsyncDisposable {
  readonly #register: LeaseRegister;
  readonly #options: LeaseOptions;
  readonly #holder = randomUUID();
  readonly #life = new AbortController();
  #pin: string | undefined;
  #expiresAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #renewal: Promise<unknown> | undefined;

  constructor(register: LeaseRegister, options: LeaseOptions) {
    this.#register = register;
    this.#options = options;
  }

  /** Writes the record over the revision `over`; false when another process has it. */
  async write(over: string | undefined, signal: AbortSignal): Promise<boolean> {
    const record: LeaseRecord = {
      holder: this.#holder,
      expiresAt: this.#options.now() + this.#options.ttlMs,
    };
    this.#pin =
      (await this.#register.write(JSON.stringify(record), over, signal)) ?? (await this.#own(signal));
    if (this.#pin !== undefined) this.#expiresAt = record.expiresAt;
    return this.#pin !== undefined;
  }

  /** Renews it from now on. */
  keep(): this {
    this.#timer = setInterval(() => {
      this.#renewal ??= this.#renew().finally(() => (this.#renewal = undefined));
    }, this.#options.ttlMs / 4);
    this.#timer.unref();
    return this;
  }

  /** A write whose answer was lost is tried again by the store, and then finds itself in its way. */
  async #own(signal: AbortSignal): Promise<string | undefined> {
    const found = await this.#register.read(signal);
    return found && parseRecord(found.text)?.holder === this.#holder ? found.pin : undefined;
  }

  async #renew(): Promise<void> {
    try {
      // Lost: whoever has it now must not be disturbed.
      if (!(await this.write(this.#pin, this.#life.signal))) clearInterval(this.#timer);
    } catch {
      // The store may be back in time for the next one.
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    // Given up in the middle, it could still arrive after the removal, or be what is removed.
    const patience = setTimeout(() => this.#life.abort(), this.#options.ttlMs / 4);
    await this.#renewal;
    clearTimeout(patience);
    // As long as it is valid nobody else can have it.
    const isOurs = this.#pin !== undefined && this.#expiresAt > this.#options.now();
    if (isOurs) await this.#register.remove(AbortSignal.timeout(this.#options.ttlMs)).catch(ignore);
  }
}

/** `undefined` for what is no record: nobody has such a lease. */
function parseRecord(text: string): LeaseRecord | undefined {
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
