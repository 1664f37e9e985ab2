/**
 * What each lane and each of its slots did, column by column: enough to show any instant of it again. A fixed number of
 * tracks, lent to lanes; a window of more slots than a track has rows is folded by majority.
 */
import type { Lane, Slot } from '#shared/model.ts';
import { chunkStates, diagnoses } from '#shared/vocabulary/live.ts';
import { type Advance, columnCapacity, columnMs, slotOf } from './columns.ts';
import { type StateCode, strongest } from './majority.ts';
import { ageOfByte, byteOfAge, byteOfShare, packSlot, shareOfByte, unpackSlot } from './slot-bytes.ts';

export const trackCount = 32;
export const trackRows = 32;

/** Rows that a lane has in the raster whose window never exceeds `window`. */
export function rowsOf(window: number): number {
  return window <= trackRows ? Math.max(1, window) : Math.ceil(window / foldOf(window));
}

/** Slots of the window in one row. */
function foldOf(window: number): number {
  return Math.ceil(window / trackRows);
}

/** 0 is a slot that holds and reserves nothing; the others follow `chunkStates`. */
function codeOf(state: (typeof chunkStates)[number]): StateCode {
  return (chunkStates.indexOf(state) + 1) as StateCode;
}

/** Numbers of a lane that are kept for each column, in this order. */
const numbers = [
  'sentBytes',
  'position',
  'window',
  'heldBytes',
  'inBytesPerSecond',
  'outBytesPerSecond',
  'drainBytesPerSecond',
  'blockedMs',
  'starvedShare',
] as const satisfies readonly (keyof Lane)[];

/** Beside those: how long its first slot is, and flags. */
const firstBytes = numbers.length;
const flags = firstBytes + 1;
const figureCount = firstBytes + 2;
/** To the last bit: where its first slot begins, and which slots follow a hole. */
const firstStart = 0;
const holes = 1;
const exactCount = 2;

export class LaneHistory {
  readonly #slots = new Uint8Array(trackCount * columnCapacity * trackRows);
  readonly #shares = new Uint8Array(this.#slots.length);
  readonly #ages = new Uint8Array(this.#slots.length);
  readonly #figures = new Float32Array(trackCount * columnCapacity * figureCount);
  readonly #exact = new Float64Array(trackCount * columnCapacity * exactCount);
  readonly #firstColumn = new Float64Array(trackCount);

  get byteLength(): number {
    const fixed = [this.#figures, this.#exact, this.#firstColumn];
    return fixed.reduce((sum, { byteLength }) => sum + byteLength, 3 * this.#slots.byteLength);
  }

  /** Lends a track: what it held before is forgotten. */
  begin(track: number, column: number): void {
    this.#firstColumn[track] = column;
  }

  /** The first column that the track's present lane has. */
  firstColumn(track: number): number {
    return this.#firstColumn[track] ?? 0;
  }

  /** Writes what the lane does at the column that the clock has reached; `undefined` when the lane is gone. */
  record(
    track: number,
    lane: Lane | undefined,
    { column, skipped, kind }: Advance,
    chunkBytes: number,
  ): void {
    if (kind === 'restart') this.begin(track, column);
    if (kind === 'carried' && column - skipped - 1 >= this.firstColumn(track)) {
      for (let back = skipped; back > 0; back -= 1) this.#copy(track, column - skipped - 1, column - back);
    } else if (kind === 'carried' || kind === 'gap') {
      // Nobody knows; what was in the rings a round before must not be shown for it.
      for (let back = skipped; back > 0; back -= 1) this.#clear(track, column - back);
    }
    this.#clear(track, column);
    if (lane) this.#write(track, column, lane, chunkBytes);
  }

  /** What a row did at a column that is kept. */
  code(track: number, row: number, column: number): StateCode {
    if (column < this.firstColumn(track)) return 0;
    return ((this.#slots[this.#offset(track, column) + row] ?? 0) & 7) as StateCode;
  }

  /** The lane as it was at a column; `undefined` when it was not there. What never changes is taken from `lane`. */
  laneAt(track: number, column: number, lane: Lane, chunkBytes: number): Lane | undefined {
    const at = this.#figureOffset(track, column);
    const bits = this.#figures[at + flags] ?? 0;
    if (column < this.firstColumn(track) || (bits & 1) === 0) return undefined;
    const past = Object.fromEntries(numbers.map((name, index) => [name, this.#figures[at + index] ?? 0]));
    return {
      ...lane,
      ...(past as Pick<Lane, (typeof numbers)[number]>),
      mode: (bits & 2) === 0 ? 'zero-copy' : 'bounce',
      isWaitingForMemory: (bits & 4) !== 0,
      diagnosis: diagnoses[bits >> 3] ?? 'healthy',
      slots: this.#slotsAt(track, column, lane, chunkBytes),
    };
  }

  /** For how many milliseconds up to `column` the diagnosis has been what it is there. */
  diagnosedMs(track: number, column: number): number {
    const wanted = this.#diagnosisAt(track, column);
    let first = column;
    const oldest = Math.max(this.firstColumn(track), column - columnCapacity + 1);
    while (first > oldest && this.#diagnosisAt(track, first - 1) === wanted) first -= 1;
    return (column - first) * columnMs;
  }

  #diagnosisAt(track: number, column: number): number {
    return (this.#figures[this.#figureOffset(track, column) + flags] ?? 0) >> 3;
  }

  #slotsAt(track: number, column: number, lane: Lane, chunkBytes: number): Slot[] {
    const exact = this.#exactOffset(track, column);
    const mask = this.#exact[exact + holes] ?? 0;
    const rows = this.#offset(track, column);
    const slots: Slot[] = [];
    let start = this.#exact[exact + firstStart] ?? 0;
    let bytes = this.#figures[this.#figureOffset(track, column) + firstBytes] ?? 0;
    for (let row = 0; row < trackRows; row += 1) {
      const { code, tier, attempt } = unpackSlot(this.#slots[rows + row] ?? 0);
      const state = chunkStates[code - 1];
      if (!state) break;
      if (row > 0) {
        start = (Math.floor(start / chunkBytes) + 1 + ((mask >> row) & 1)) * chunkBytes;
        bytes = Math.max(0, Math.min(chunkBytes, lane.objectBytes - start));
      }
      const share = shareOfByte(this.#shares[rows + row] ?? 0);
      slots.push({
        start,
        bytes,
        state,
        ...(tier === undefined ? {} : { tier }),
        filledBytes: Math.round(state === 'draining' ? bytes : share * bytes),
        sentBytes: Math.round(state === 'draining' ? share * bytes : 0),
        attempt,
        ageMs: ageOfByte(this.#ages[rows + row] ?? 0),
      });
    }
    return slots;
  }

  #write(track: number, column: number, lane: Lane, chunkBytes: number): void {
    const fold = foldOf(lane.windowLimit);
    const limit = rowsOf(lane.windowLimit) * fold;
    const slots = lane.slots.slice(0, limit);
    const rows = this.#offset(track, column);
    const codes = slots.map((slot) => codeOf(slot.state));
    let mask = 0;
    for (let row = 0; row * fold < slots.length; row += 1) {
      const slot = slots[row * fold];
      if (!slot) break;
      const code = strongest(codes.slice(row * fold, (row + 1) * fold));
      const before = fold === 1 ? slots[row - 1] : undefined;
      if (before && slot.start > before.start + before.bytes && slot.start > before.start + chunkBytes)
        mask |= 1 << row;
      this.#slots[rows + row] = packSlot(code, slot.tier, slot.attempt);
      this.#shares[rows + row] = byteOfShare(
        slot.state === 'draining' ? slot.sentBytes : slot.filledBytes,
        slot.bytes,
      );
      this.#ages[rows + row] = byteOfAge(slot.ageMs);
    }
    const at = this.#figureOffset(track, column);
    for (const [index, name] of numbers.entries()) this.#figures[at + index] = lane[name];
    this.#figures[at + firstBytes] = lane.slots[0]?.bytes ?? 0;
    const exact = this.#exactOffset(track, column);
    this.#exact[exact + firstStart] = lane.slots[0]?.start ?? lane.position;
    this.#exact[exact + holes] = mask >>> 0;
    this.#figures[at + flags] =
      1 |
      (lane.mode === 'bounce' ? 2 : 0) |
      (lane.isWaitingForMemory ? 4 : 0) |
      (diagnoses.indexOf(lane.diagnosis) << 3);
  }

  #clear(track: number, column: number): void {
    const rows = this.#offset(track, column);
    this.#slots.fill(0, rows, rows + trackRows);
    this.#figures[this.#figureOffset(track, column) + flags] = 0;
  }

  #copy(track: number, from: number, to: number): void {
    const [source, target] = [this.#offset(track, from), this.#offset(track, to)];
    for (const ring of [this.#slots, this.#shares, this.#ages])
      ring.copyWithin(target, source, source + trackRows);
    const figures = this.#figureOffset(track, from);
    this.#figures.copyWithin(this.#figureOffset(track, to), figures, figures + figureCount);
    const exact = this.#exactOffset(track, from);
    this.#exact.copyWithin(this.#exactOffset(track, to), exact, exact + exactCount);
  }

  #offset(track: number, column: number): number {
    return (track * columnCapacity + slotOf(column)) * trackRows;
  }

  #figureOffset(track: number, column: number): number {
    return (track * columnCapacity + slotOf(column)) * figureCount;
  }

  #exactOffset(track: number, column: number): number {
    return (track * columnCapacity + slotOf(column)) * exactCount;
  }
}
