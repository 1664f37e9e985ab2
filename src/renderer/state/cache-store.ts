/**
 * What the server knows about its caches, read once a second while somebody looks: the list always, and of the rest
 * only what is in view. The newest answers stay when the connection is lost.
 */
import type { CachedObjectDetail, CacheHistory, CacheList, Evictions } from '#shared/cache-model.ts';
import {
  type CacheTierName,
  type EvictionReason,
  historyBucketMs,
  historyBuckets,
  maxEvictionsShown,
  maxObjectsShown,
  maxRuns,
} from '#shared/vocabulary/cache.ts';
import { messageOf } from '#shared/errors.ts';
import { inTime, type Follower } from '../rpc/follow.ts';
import { type Footprint, footprintOf } from './footprint.ts';
import { Polling } from './polling.ts';
import { Signal } from './signal.ts';

const intervalMs = 1000;
/** What an object takes in the list, an eviction, a run of chunks and a bucket of the history: estimates. */
const eachBytes = { object: 2048, eviction: 1024, run: 64, bucket: 256 } as const;

export interface EvictionQuery {
  readonly search?: string;
  readonly tier?: CacheTierName;
  readonly reason?: EvictionReason;
}

/** What is in view beside the list. */
export interface CacheFocus {
  /** The object that is open. */
  readonly object?: string | undefined;
  readonly evictions?: EvictionQuery | undefined;
}

export class CacheStore {
  readonly changed = new Signal(0);
  /** A new bucket has come. */
  readonly historyChanged = new Signal(0);
  readonly #call: Follower['call'];
  readonly #polling = new Polling(() => this.#read(), intervalMs);
  #focus: CacheFocus = {};
  #list: CacheList | undefined;
  #failure: string | undefined;
  #history: CacheHistory | undefined;
  #historyDueAt = 0;
  #detail: { readonly object: string; readonly detail: CachedObjectDetail } | undefined;
  #evictions: Evictions | undefined;

  constructor(call: Follower['call']) {
    this.#call = call;
  }

  /** The newest answer; `undefined` until the first. */
  get list(): CacheList | undefined {
    return this.#list;
  }

  /** Why the last reading failed: a sentence. */
  get failure(): string | undefined {
    return this.#failure;
  }

  get history(): CacheHistory | undefined {
    return this.#history;
  }

  /** The newest that was asked for in the focus. */
  get evictions(): Evictions | undefined {
    return this.#evictions;
  }

  get footprint(): Footprint {
    const { memory = [], disk = [] } = this.#detail?.detail ?? {};
    const buckets = this.#history ? historyBuckets : 0;
    return footprintOf([
      { count: this.#list?.objects.length ?? 0, most: maxObjectsShown, eachBytes: eachBytes.object },
      { count: this.#evictions?.rows.length ?? 0, most: maxEvictionsShown, eachBytes: eachBytes.eviction },
      { count: memory.length + disk.length, most: 2 * maxRuns, eachBytes: eachBytes.run },
      { count: buckets, most: historyBuckets, eachBytes: eachBytes.bucket },
    ]);
  }

  /** Of the object that is open, once it has been read. */
  detailOf(object: string): CachedObjectDetail | undefined {
    return this.#detail?.object === object ? this.#detail.detail : undefined;
  }

  /** Something else is in view from now on. */
  look(focus: CacheFocus): void {
    if (JSON.stringify(focus) === JSON.stringify(this.#focus)) return;
    this.#focus = focus;
    this.refresh();
  }

  /** Reads until the returned function is called. */
  follow(): () => void {
    return this.#polling.follow();
  }

  /** Reads at once: something has been changed from here. */
  readonly refresh = (): void => this.#polling.refresh();

  async #read(): Promise<void> {
    const focus = this.#focus;
    try {
      const [list] = await inTime(
        this.#call((client) =>
          Promise.all([client.cache.list(), this.#readDetail(focus), this.#readEvictions(focus)]),
        ),
      );
      this.#list = list;
      this.#failure = undefined;
      await this.#readHistory();
    } catch (error) {
      this.#failure = messageOf(error);
    }
    this.changed.touch();
  }

  async #readDetail({ object }: CacheFocus): Promise<void> {
    if (object === undefined) return;
    try {
      const detail = await this.#call((client) => client.cache.object({ object }));
      this.#detail = { object, detail };
    } catch {
      // Not known: the view says so from the list, which does not have it either.
      if (this.#detail?.object === object) this.#detail = undefined;
    }
  }

  async #readEvictions({ evictions }: CacheFocus): Promise<void> {
    if (!evictions) return;
    this.#evictions = await this.#call((client) => client.cache.evictions(evictions));
  }

  async #readHistory(): Promise<void> {
    const now = performance.now();
    if (now < this.#historyDueAt) return;
    this.#historyDueAt = now + historyBucketMs / 2;
    this.#history = await inTime(this.#call((client) => client.cache.history()));
    this.historyChanged.touch();
  }
}
