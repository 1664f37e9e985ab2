/**
 * The HTTP origin: a store that is any server with byte ranges and strong ETags, read-only. Another Sluice or a
 * cachew is recognised and asked in its own dialect; on any other server a name is a path (http-origin-paths.ts).
 */
import { SluiceError } from '#shared/errors.ts';
import type { ByteRange } from '#shared/range.ts';
import { throwIfAborted } from './cancel.ts';
import { OriginClient } from './http-origin-client.ts';
import type { OriginClientOptions } from './http-origin-client.ts';
import { lookUp } from './http-origin-head.ts';
import type { DescribingFields, LookUp } from './http-origin-head.ts';
import { originUrl, probe } from './http-origin-paths.ts';
import type { OriginFacts } from './http-origin-paths.ts';
import { discoverAtOrigin, openRange } from './http-origin-read.ts';
import type { Discovery, ObjectRevision, ObjectStore, RangeAnswer, StoredObject } from './object-store.ts';

export interface HttpOriginOptions extends OriginClientOptions {
  /** `http://HOST[:PORT][/BASE]`, or https; slashes at its end do not matter. */
  readonly base: string;
  /** Which fields of the origin's answers are served with an object. */
  readonly describing: DescribingFields;
}

/** The store at `options.base`. Its keys are paths of the dialect. No request is made yet: see `check`. */
export function createHttpOrigin(options: HttpOriginOptions): ObjectStore {
  return new HttpOrigin(options);
}

class HttpOrigin implements ObjectStore {
  readonly letsGo = 'at once';
  readonly #base: string;
  readonly #client: OriginClient;
  readonly #describing: DescribingFields;
  /** As the origin last described itself. */
  #facts: OriginFacts | undefined;

  constructor({ base, describing, ...options }: HttpOriginOptions) {
    this.#base = new URL(base).href.replace(/\/+$/, '');
    this.#client = new OriginClient(options);
    this.#describing = describing;
  }

  get description(): string {
    return this.#facts?.kind === 'plain' ? `${this.#base} (plain HTTP server)` : this.#base;
  }

  async head(key: string, signal: AbortSignal): Promise<StoredObject | undefined> {
    return lookUp(await this.#look(key, signal), signal);
  }

  async discover(key: string, wanted: ByteRange, signal: AbortSignal): Promise<Discovery | undefined> {
    return discoverAtOrigin(await this.#look(key, signal), wanted, signal);
  }

  openRange(revision: ObjectRevision, range: ByteRange, signal: AbortSignal): Promise<RangeAnswer> {
    return openRange(this.#client, revision, range, signal);
  }

  async #look(key: string, signal: AbortSignal): Promise<LookUp> {
    throwIfAborted(signal);
    const { kind } = this.#facts ?? (await this.#probe(signal));
    const url = originUrl(this.#base, key, kind);
    return { client: this.#client, key, url, describing: this.#describing };
  }

  async put(): Promise<StoredObject> {
    throw this.#readOnly();
  }

  async delete(): Promise<boolean> {
    throw this.#readOnly();
  }

  async namespaces(signal: AbortSignal): Promise<readonly string[]> {
    return (await this.#probe(signal)).namespaces;
  }

  async check(signal: AbortSignal): Promise<void> {
    await this.#probe(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client[Symbol.dispose]();
  }

  async #probe(signal: AbortSignal): Promise<OriginFacts> {
    return (this.#facts = await probe(this.#client, this.#base, signal));
  }

  #readOnly(): SluiceError {
    return new SluiceError(
      'READ_ONLY',
      `the store ${this.#base} is read-only: objects are written where it gets them from`,
    );
  }
}
