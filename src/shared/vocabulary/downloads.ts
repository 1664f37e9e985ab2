/** The words of a download's record, and how much is remembered of it. */

/** Downloads that are remembered at most, pieces of each, and bytes that all of this may take on the server. */
export const maxDownloads = 200;
export const maxPieces = 4096;
export const maxLogBytes = 8 * 1024 * 1024;
/** Cells of the whole-object map at most; with more chunks, each cell stands for several. */
export const maxCells = 16_384;
/** Failed attempts that are told of one piece. */
export const maxFailedAttempts = 8;
/** Transfers that are named as readers. */
export const maxReaders = 32;

/** Who had it fetched: a small read, a client that waits, or a window; `first look` came along with a discovery. */
export const fetchLanes = ['small', 'demand', 'ahead', 'first look'] as const;
export type FetchLane = (typeof fetchLanes)[number];

/**
 * What has become of a piece: on its way (the first four), `held` while a transfer wants it, `cached` when none does,
 * then `evicted`; or it never became complete.
 */
export const pieceStates = [
  'queued',
  'waiting',
  'receiving',
  'retry',
  'held',
  'cached',
  'evicted',
  'failed',
  'cancelled',
] as const;
export type PieceState = (typeof pieceStates)[number];

/** `hedged`: asked twice, the first was faster; `won`: the second was. */
export const hedgeOutcomes = ['none', 'hedged', 'won'] as const;

/** Where it was served from after it had been fetched. */
export const laterTiers = ['none', 'memory', 'disk'] as const;

/** What a cell of the map can show, in the order of their codes. `partly`: only small reads of it. */
export const cellStates = [
  'never',
  'queued',
  'waiting',
  'receiving',
  'held',
  'draining',
  'retry',
  'failed',
  'cached',
  'disk',
  'evicted',
  'cancelled',
  'partly',
] as const;
export type CellState = (typeof cellStates)[number];

/** The letter of a cell. */
export function cellLetter(state: CellState): string {
  return String.fromCharCode(97 + cellStates.indexOf(state));
}

/** What cell `index` shows. */
export function cellAt(cells: string, index: number): CellState {
  return cellStates[cells.charCodeAt(index) - 97] ?? 'never';
}
