/** One download put together from what a recording tells of it piece by piece. */
import type { DownloadDetail, FailedAttempt, PieceColumns } from '#shared/download-model.ts';
import { maxPieces } from '#shared/vocabulary/downloads.ts';

/** Each piece as it was told last. `details`: the newest first, each with what had changed since the one before it. */
export function mergeDetails(details: readonly DownloadDetail[]): DownloadDetail | undefined {
  const [newest] = details;
  if (!newest) return undefined;
  const found = new Map<number, { readonly detail: DownloadDetail; readonly place: number }>();
  const failures = new Map<number, readonly FailedAttempt[]>();
  for (const detail of details) {
    for (const [place, row] of detail.pieces.row.entries()) {
      if (row < newest.firstRow || found.has(row)) continue;
      found.set(row, { detail, place });
      failures.set(
        row,
        detail.failedAttempts.filter((attempt) => attempt.row === row),
      );
    }
  }
  const rows = [...found.keys()].toSorted((a, b) => a - b).slice(-maxPieces);
  const column = (name: keyof PieceColumns): number[] =>
    rows.map((row) => {
      const piece = found.get(row);
      return piece?.detail.pieces[name][piece.place] ?? -1;
    });
  const names = Object.keys(newest.pieces) as (keyof PieceColumns)[];
  return {
    ...newest,
    pieces: Object.fromEntries(names.map((name) => [name, column(name)])) as unknown as PieceColumns,
    failedAttempts: rows.flatMap((row) => failures.get(row) ?? []).slice(0, maxPieces),
  };
}
