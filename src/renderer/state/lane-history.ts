/**
 * The slot rasters: what each slot of each lane did, one byte for each slot and column. A fixed number of tracks,
 * lent to lanes while they are shown; a window of more slots than a track has rows is folded by majority.
 */
import { chunkStates, type Lane } from '#shared/model.ts';
import { type Advance, columnCapacity, slotOf } from './columns.ts';
import { type StateCode, strongest } from './majority.ts';

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

export class LaneHistory {
  readonly #bytes = new Uint8Array(trackCount * columnCapacity * trackRows);
  readonly #firstColumn = new Float64Array(trackCount);

  get byteLength(): number {
    return this.#bytes.byteLength + this.#firstColumn.byteLength;
  }

  /** Lends a track: what it held before is forgotten. */
  begin(track: number, column: number): void {
    this.#firstColumn[track] = column;
  }

  /** The first column that the track's present lane has. */
  firstColumn(track: number): number {
    return this.#firstColumn[track] ?? 0;
  }

  /** Writes what the lane's slots do at the column that the clock has reached; `undefined` when the lane is gone. */
  record(track: number, lane: Lane | undefined, { column, skipped, kind }: Advance): void {
    if (kind === 'restart') this.begin(track, column);
    const target = this.#offset(track, column);
    this.#bytes.fill(0, target, target + trackRows);
    if (lane) this.#write(target, lane);
    if (kind !== 'carried') return;
    const source = this.#offset(track, column - skipped - 1);
    const begun = column - skipped - 1 >= this.firstColumn(track);
    for (let back = skipped; back > 0; back -= 1) {
      const offset = this.#offset(track, column - back);
      if (begun) this.#bytes.copyWithin(offset, source, source + trackRows);
      else this.#bytes.fill(0, offset, offset + trackRows);
    }
  }

  /** What a row did at a column that is kept. */
  code(track: number, row: number, column: number): StateCode {
    if (column < this.firstColumn(track)) return 0;
    return this.#bytes[this.#offset(track, column) + row] as StateCode;
  }

  #write(target: number, lane: Lane): void {
    const fold = foldOf(lane.windowLimit);
    const limit = rowsOf(lane.windowLimit) * fold;
    const codes = lane.slots.slice(0, limit).map((slot) => codeOf(slot.state));
    for (let row = 0; row * fold < codes.length; row += 1) {
      this.#bytes[target + row] = strongest(codes.slice(row * fold, (row + 1) * fold));
    }
  }

  #offset(track: number, column: number): number {
    return (track * columnCapacity + slotOf(column)) * trackRows;
  }
}
