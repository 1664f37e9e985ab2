/** The pieces of one download, put together from the changes that the server sends. */
import type { DownloadDetail, FailedAttempt, PieceColumns } from '#shared/download-model.ts';
import {
  type FetchLane,
  fetchLanes,
  hedgeOutcomes,
  laterTiers,
  type PieceState,
  pieceStates,
} from '#shared/vocabulary/downloads.ts';

/** One fetched piece. Times are milliseconds since the download's start; `undefined`: it has not happened. */
export interface Piece {
  readonly row: number;
  /** The chunk that it lies in, and its bytes in the object: half-open. */
  readonly index: number;
  readonly start: number;
  readonly end: number;
  readonly lane: FetchLane;
  readonly state: PieceState;
  readonly hedge: (typeof hedgeOutcomes)[number];
  readonly tier: (typeof laterTiers)[number];
  readonly attempts: number;
  readonly receivedBytes: number;
  readonly queuedAt: number;
  readonly askedAt: number | undefined;
  readonly answeredAt: number | undefined;
  readonly completeAt: number | undefined;
  /** Milliseconds for which some transfer wanted it while it was complete, without what goes on since `heldSince`. */
  readonly heldMs: number;
  readonly heldSince: number | undefined;
  readonly releasedAt: number | undefined;
  readonly goneAt: number | undefined;
  readonly failedAttempts: readonly FailedAttempt[];
}

export class Pieces {
  readonly #byRow = new Map<number, Piece>();
  #all: readonly Piece[] | undefined;

  /** Forgets all. */
  clear(): void {
    this.#byRow.clear();
    this.#all = undefined;
  }

  /** Takes what has changed, and forgets what the server has forgotten. */
  apply({ pieces, failedAttempts, firstRow }: DownloadDetail): void {
    const failures = new Map<number, FailedAttempt[]>();
    for (const attempt of failedAttempts)
      failures.set(attempt.row, [...(failures.get(attempt.row) ?? []), attempt]);
    for (const [place, row] of pieces.row.entries())
      this.#byRow.set(row, pieceOf(pieces, place, failures.get(row) ?? []));
    for (const row of this.#byRow.keys()) if (row < firstRow) this.#byRow.delete(row);
    if (pieces.row.length > 0 || this.#all?.[0]?.row !== firstRow) this.#all = undefined;
  }

  get size(): number {
    return this.#byRow.size;
  }

  /** In the order in which they were fetched. The same array until something changes. */
  get all(): readonly Piece[] {
    this.#all ??= [...this.#byRow.values()].toSorted((a, b) => a.row - b.row);
    return this.#all;
  }
}

function pieceOf(columns: PieceColumns, place: number, failedAttempts: readonly FailedAttempt[]): Piece {
  const figure = (name: keyof PieceColumns): number => columns[name][place] ?? 0;
  const time = (name: keyof PieceColumns): number | undefined => {
    const at = figure(name);
    return at < 0 ? undefined : at;
  };
  return {
    row: figure('row'),
    index: figure('index'),
    start: figure('start'),
    end: figure('end'),
    lane: fetchLanes[figure('lane')] ?? 'demand',
    state: pieceStates[figure('state')] ?? 'queued',
    hedge: hedgeOutcomes[figure('hedge')] ?? 'none',
    tier: laterTiers[figure('tier')] ?? 'none',
    attempts: figure('attempts'),
    receivedBytes: figure('receivedBytes'),
    queuedAt: figure('queuedAt'),
    askedAt: time('askedAt'),
    answeredAt: time('answeredAt'),
    completeAt: time('completeAt'),
    heldMs: time('heldMs') ?? 0,
    heldSince: time('heldSince'),
    releasedAt: time('releasedAt'),
    goneAt: time('goneAt'),
    failedAttempts,
  };
}
