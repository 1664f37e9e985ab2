/**
 * A chunk in memory. The slab belongs to the chunk, not to any of its readers: readers come and go, and the bytes
 * stay as long as the slab is not needed for something more urgent.
 *
 * The valid bytes are one interval, `[from, to)`, which a fill extends. A reader that needs bytes below the interval
 * (somebody else began in the middle) waits until the fill above is complete; then the gap below is filled.
 */
import type { Slab } from '#main/flow/arena.ts';
import type { PieceWatch } from '#main/telemetry/chunk-watch.ts';
import { SluiceError } from '#shared/errors.ts';
import type { Slot } from '#shared/model.ts';
import type { ChunkState } from '#shared/vocabulary/live.ts';
import type { ByteRange } from '#shared/range.ts';
import { blockBytes, type ChunkId } from './chunk.ts';
import { Coverage } from './waste.ts';

/** Which arena the slab is from: `small` ones hold exact small reads and whole small chunks. */
export type SlabClass = 'chunks' | 'small';

/** Where bytes that are not in memory yet would go. */
export interface ChunkPlace {
  readonly id: ChunkId;
  readonly within: ChunkId;
  readonly slabClass: SlabClass;
  /** Where the first fill begins: an edge of a block. */
  readonly at: number;
}

/** Somebody who wants bytes of a chunk now or soon. Wanting gives no right to memory. */
export interface Reader {
  /** The next byte of the object that it will hand to its socket. */
  readonly position: number;
  /** It would take bytes now: none of its bytes are with the socket. */
  readonly isWritable: boolean;
  /** Milliseconds until it will need the byte at `position`, as far as its pace tells; infinite if it never will. */
  timeTo(position: number): number;
  /** There is more, or something else has changed: look again. */
  advance(): void;
  /** A chunk that it does not wait for yet could not be brought: not to be asked for again at once. */
  setBack(): void;
  /** The chunk is gone for good. */
  fail(error: unknown): void;
}

/** Bytes on their way into the slab: positions in the object. */
export interface Filling {
  readonly from: number;
  at: number;
  readonly end: number;
}

interface ChunkOrigin {
  readonly source: 'disk' | 'store';
  readonly fellows: ReadonlySet<Reader>;
  /** On the engine's clock. */
  readonly now: number;
}

export class ResidentChunk {
  /** The bytes it is for: a whole chunk, or the exact range of a small read. */
  readonly id: ChunkId;
  /** The whole chunk that these bytes lie in. */
  readonly within: ChunkId;
  readonly slab: Slab;
  readonly slabClass: SlabClass;
  /** When it got its slab, on the engine's clock. */
  readonly takenAt: number;
  /** Those who have it in their window. */
  readonly readers = new Set<Reader>();
  /** All who read the revision, some of whom may come to this chunk. */
  readonly fellows: ReadonlySet<Reader>;
  /** What has been given to somebody. */
  readonly delivered = new Coverage();
  source: 'disk' | 'store';
  filling: Filling | undefined;
  attempts = 0;
  /** Who is told what becomes of the bytes that came from the store last. */
  watch: PieceWatch | undefined;
  /** To be brought whole, even when those who asked for a part of it have left. */
  outlivesReaders = false;
  /** No longer in the pool: the slab goes back when nothing uses it any more (leaving.ts). */
  isZombie = false;
  /** Since when every byte of it is there, on the engine's clock. */
  completeAt: number | undefined;
  #from: number;
  #to: number;
  #pins = 0;
  #state: ChunkState = 'queued';
  #since: number;

  /** Empty; its first fill begins at `place.at`. */
  constructor(place: ChunkPlace, slab: Slab, origin: ChunkOrigin) {
    this.id = place.id;
    this.within = place.within;
    this.slabClass = place.slabClass;
    this.slab = slab;
    this.source = origin.source;
    this.fellows = origin.fellows;
    this.takenAt = origin.now;
    this.#since = origin.now;
    this.#from = place.at;
    this.#to = place.at;
  }

  get state(): ChunkState {
    return this.#state;
  }

  /** Writes to sockets, and to disk, whose end has not been told. */
  get pins(): number {
    return this.#pins;
  }

  /** When it entered its present state, on the engine's clock. */
  get since(): number {
    return this.#since;
  }

  get validBytes(): number {
    const { filling } = this;
    return this.#to - this.#from + (filling && filling.from < this.#from ? filling.at - filling.from : 0);
  }

  /** Every byte of the chunk is there. */
  get isComplete(): boolean {
    return this.#from === this.id.range.start && this.#to === this.id.range.end;
  }

  /** Somebody can take its bytes at once, or as soon as they come: it must stay. */
  get isNeeded(): boolean {
    for (const reader of this.readers) if (reader.isWritable && this.holds(reader.position)) return true;
    return false;
  }

  holds(position: number): boolean {
    return position >= this.id.range.start && position < this.id.range.end;
  }

  /** Bytes that can be read from `position` on, now. */
  readable(position: number): number {
    if (position >= this.#from && position < this.#to) return this.#to - position;
    const { filling } = this;
    return filling && position >= filling.from && position < filling.at ? filling.at - position : 0;
  }

  /** Whether the byte at `position` is there or on its way. */
  covers(position: number): boolean {
    if (position >= this.#from && position < this.#to) return true;
    const { filling } = this;
    return filling !== undefined && position >= filling.from && position < filling.end;
  }

  /** The bytes that are missing for a reader at `position`; only while nothing is being filled. */
  gapAt(position: number): ByteRange {
    if (position >= this.#from) return { start: this.#to, end: this.id.range.end };
    const offset = position - this.id.range.start;
    return { start: position - (offset % blockBytes), end: this.#from };
  }

  view(start: number, end: number): Uint8Array {
    return this.slab.memory.subarray(start - this.id.range.start, end - this.id.range.start);
  }

  enter(state: ChunkState, now: number): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#since = now;
    this.slab.move(state);
  }

  /** `bytes` more of the filling are there. */
  extend(bytes: number): void {
    const { filling } = this;
    if (!filling || filling.at + bytes > filling.end)
      throw new SluiceError('INVARIANT', `chunk ${this.id.index} was filled beyond what was asked for`);
    filling.at += bytes;
    if (filling.from >= this.#from) this.#to = filling.at;
  }

  /** Everything is there that was asked for. */
  settle(now: number): void {
    const { filling } = this;
    this.filling = undefined;
    if (filling && filling.end === this.#from) this.#from = filling.from;
    if (this.isComplete) this.completeAt ??= now;
  }

  pin(): void {
    this.#pins += 1;
  }

  /** @returns whether it was the last pin */
  unpin(): boolean {
    if (this.#pins === 0) throw new SluiceError('INVARIANT', `chunk ${this.id.index} was unpinned twice`);
    this.#pins -= 1;
    return this.#pins === 0;
  }

  /** As the console shows it in the lane of a reader at `position`. */
  slot(position: number, now: number): Slot {
    const { range } = this.id;
    return {
      start: range.start,
      bytes: range.end - range.start,
      state: this.#state,
      tier: this.source,
      filledBytes: this.validBytes,
      sentBytes: Math.min(Math.max(0, position - range.start), range.end - range.start),
      attempt: this.attempts,
      ageMs: now - this.#since,
    };
  }
}
