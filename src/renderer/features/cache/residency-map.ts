/**
 * Every chunk of an object as a cell, in the order of its bytes, filled in its upper half where it is in memory and in
 * its lower half where it is on disk. An object of more chunks than cells has several in each: the filling is their
 * share.
 */
import type { CachedObjectDetail } from '#shared/cache-model.ts';
import type { Paint } from '../../ui/paint-loop.ts';
import { palette } from '../../ui/palette.ts';

type Runs = CachedObjectDetail['memory'];

const gap = 1;
const widest = 16;
const narrowest = 4;
const rowHeight = 18;
export const maxRows = 12;

export interface Grid {
  readonly columns: number;
  readonly rows: number;
  /** CSS pixels, the gap included. */
  readonly cellWidth: number;
  /** Of the last cell maybe fewer. */
  readonly chunksPerCell: number;
}

/** As wide cells as fit into `maxRows` rows of `width` pixels; below the narrowest they stand for several chunks. */
export function gridOf(chunks: number, width: number): Grid {
  for (let cellWidth = widest; cellWidth >= narrowest; cellWidth -= 1) {
    const columns = Math.max(1, Math.floor(width / cellWidth));
    const rows = Math.ceil(chunks / columns);
    if (rows <= maxRows) return { columns, rows: Math.max(1, rows), cellWidth, chunksPerCell: 1 };
  }
  const columns = Math.max(1, Math.floor(width / narrowest));
  const chunksPerCell = Math.ceil(chunks / (columns * maxRows));
  const rows = Math.ceil(Math.ceil(chunks / chunksPerCell) / columns);
  return { columns, rows, cellWidth: narrowest, chunksPerCell };
}

export function mapHeight(chunks: number, width: number): number {
  return gridOf(chunks, width).rows * rowHeight;
}

/** How many chunks of each cell are in the runs. */
function countsOf(runs: Runs, cells: number, chunksPerCell: number): Float64Array {
  const counts = new Float64Array(cells);
  for (const [start, end] of runs) {
    for (let at = start; at < end;) {
      const cell = Math.floor(at / chunksPerCell);
      const to = Math.min(end, (cell + 1) * chunksPerCell);
      counts[cell] = (counts[cell] ?? 0) + to - at;
      at = to;
    }
  }
  return counts;
}

export function mapPainter({ chunks, memory, disk }: CachedObjectDetail): Paint {
  return ({ context, width, height, ratio }) => {
    context.clearRect(0, 0, width, height);
    const { columns, cellWidth, chunksPerCell } = gridOf(chunks, width / ratio);
    const cells = Math.ceil(chunks / chunksPerCell);
    const colors = palette();
    const levels = [
      { counts: countsOf(memory, cells, chunksPerCell), color: colors['tier-memory'] },
      { counts: countsOf(disk, cells, chunksPerCell), color: colors['tier-disk'] },
    ];
    const half = ((rowHeight - 2 - gap) / 2) * ratio;
    for (let cell = 0; cell < cells; cell += 1) {
      const inCell = Math.min(chunksPerCell, chunks - cell * chunksPerCell);
      const x = (cell % columns) * cellWidth * ratio;
      const top = Math.floor(cell / columns) * rowHeight * ratio;
      const wide = (cellWidth - gap) * ratio;
      for (const [level, { counts, color }] of levels.entries()) {
        const y = top + level * (half + ratio / 2);
        context.fillStyle = colors.line;
        context.fillRect(x, y, wide, half);
        const tall = half * ((counts[cell] ?? 0) / inCell);
        if (tall === 0) continue;
        context.fillStyle = color;
        context.fillRect(x, y + half - tall, wide, tall);
      }
    }
  };
}
