/**
 * What a transfer made of each chunk that it handed on: where its bytes came from, how long they were waited for, and
 * how long they then waited for the client. One small record for a chunk, and only for the first ones.
 */
import type { ResidentChunk } from '#main/cache/resident-chunk.ts';
import { maxChunkUses, type ChunkUse, type TierSpan } from '#shared/request-model.ts';
import type { Tier } from '#shared/vocabulary/requests.ts';

const slowness: Readonly<Record<Tier, number>> = { memory: 0, disk: 1, store: 2 };

/** When a chunk came into the window of a transfer, on the engine's clock, and whether it was complete then. */
export interface Joined {
  readonly at: number;
  readonly wasComplete: boolean;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export class Uses {
  readonly #chunks: Mutable<ChunkUse>[] = [];
  readonly #spans: Mutable<TierSpan>[] = [];
  #count = 0;
  #slowest: Tier | undefined;
  #longestHeldMs: number | undefined;
  #chunk: ResidentChunk | undefined;
  #joinedAt = 0;
  /** The record of `#chunk`, unless it is one too many. */
  #use: Mutable<ChunkUse> | undefined;
  #starvedMs = 0;

  /** In the order in which they were handed on; the first `maxChunkUses` of all. */
  get chunks(): readonly ChunkUse[] {
    return this.#chunks;
  }

  get hidden(): number {
    return this.#count - this.#chunks.length;
  }

  /** What was handed on, by level; neighbours of one level are joined. */
  get spans(): readonly TierSpan[] {
    return this.#spans;
  }

  /** The slowest level that brought bytes; absent while there were none. */
  get tier(): Tier | undefined {
    return this.#slowest;
  }

  /** The longest that a complete chunk waited for the client; absent when none was complete before it was taken. */
  get longestHeldMs(): number | undefined {
    return this.#longestHeldMs;
  }

  /** What was begun was handed to the socket up to `end`. `starvedMs`: how long the transfer has starved in all. */
  handed(end: number, starvedMs: number): void {
    const waitedMs = starvedMs - this.#starvedMs;
    this.#starvedMs = starvedMs;
    if (this.#use) {
      this.#use.end = end;
      this.#use.waitMs += waitedMs;
    }
    const span = this.#spans.at(-1);
    if (span) span.end = end;
  }

  /** Whether `chunk` is the one that bytes were handed from last. */
  isOf(chunk: ResidentChunk): boolean {
    return this.#chunk === chunk;
  }

  /** The client has taken what was handed on, or has gone: at `now` on the engine's clock. */
  taken(now: number): void {
    const completeAt = this.#chunk?.completeAt;
    if (completeAt !== undefined) {
      const heldMs = Math.max(0, now - Math.max(completeAt, this.#joinedAt));
      if (this.#use) this.#use.heldMs = heldMs;
      this.#longestHeldMs = Math.max(this.#longestHeldMs ?? 0, heldMs);
    }
    this.#chunk = undefined;
    this.#use = undefined;
  }

  /** The bytes that are handed on next are those of `chunk`, from `start`. */
  begin(chunk: ResidentChunk, { at, wasComplete }: Joined, start: number): void {
    const tier = wasComplete ? 'memory' : chunk.source;
    this.#chunk = chunk;
    this.#joinedAt = at;
    this.#use = undefined;
    this.#count += 1;
    if (this.#slowest === undefined || slowness[tier] > slowness[this.#slowest]) this.#slowest = tier;
    if (this.#count <= maxChunkUses) {
      this.#use = { index: chunk.id.index, start, end: start, tier, waitMs: 0 };
      this.#chunks.push(this.#use);
    }
    this.#beginSpan(tier, start);
  }

  /** Of more spans than are kept, the last one grows, and is as slow as the slowest in it. */
  #beginSpan(tier: Tier, start: number): void {
    const last = this.#spans.at(-1);
    if (last?.tier === tier && last.end === start) return;
    if (last && this.#spans.length >= maxChunkUses) {
      if (slowness[tier] > slowness[last.tier]) last.tier = tier;
      return;
    }
    this.#spans.push({ start, end: start, tier });
  }
}
