/** What the console knows of the caches beside the figures: names, pins, the newest evictions and the last hour. */
import { realClock, type Timer } from '#main/flow/clock.ts';
import type { ObjectRevision } from '#main/object-store/object-store.ts';
import type { EvictionReason } from '#shared/vocabulary/cache.ts';
import type { DiskEviction } from './disk-tier.ts';
import { EvictionLog } from './eviction-log.ts';
import { KnownObjects, type KnownObjectsOptions } from './known-objects.ts';
import { TierHistory } from './tier-history.ts';
import type { TierStats } from './tier.ts';

/** Shorter than a bucket of the history, so that none is missed. */
const sampleMs = 5000;

/** What left memory before its time: a chunk, or all that was kept of an object. */
export interface MemoryEviction {
  readonly key: string;
  readonly reason: EvictionReason;
  readonly start?: number | undefined;
  readonly chunks: number;
  readonly bytes: number;
}

export class WatchedCaches implements AsyncDisposable {
  readonly known: KnownObjects;
  readonly evictions = new EvictionLog();
  #timer: Timer | undefined;

  private constructor(known: KnownObjects) {
    this.known = known;
  }

  static async open(options: KnownObjectsOptions): Promise<WatchedCaches> {
    return new WatchedCaches(await KnownObjects.open(options));
  }

  opened(object: ObjectRevision, name: string): void {
    this.known.used(object, name);
  }

  isKept(object: ObjectRevision): boolean {
    return this.known.isKept(object);
  }

  /** Something left memory. */
  evicted({ key, ...eviction }: MemoryEviction): void {
    this.evictions.add({ object: this.known.nameOf(key), tier: 'memory', ...eviction });
  }

  /** Something left the disk. */
  evictedFromDisk({ place, ...eviction }: DiskEviction): void {
    this.evictions.add({ object: this.known.nameAt(place), tier: 'disk', ...eviction });
  }

  /** Measures from now on. */
  measure(tiers: () => readonly TierStats[]): TierHistory {
    const history = new TierHistory(tiers(), Date.now());
    const sample = (): void => {
      history.note(tiers(), Date.now());
      this.#timer = realClock.after(sampleMs, sample);
    };
    sample();
    return history;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer?.cancel();
    await this.known[Symbol.asyncDispose]();
  }
}
