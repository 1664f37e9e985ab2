import type { DownloadDetail } from '#shared/download-model.ts';
import { cellAt, type CellState } from '#shared/vocabulary/downloads.ts';
import { formatBytes, formatCount } from '#shared/units.ts';
import twin from '../../ui/twin.module.css';
import styles from './object-map.module.css';

interface Run {
  readonly state: CellState;
  readonly from: number;
  readonly to: number;
}

/** Stretches of cells in one state; `to` is the last of them. */
export function runsOf(cells: string): readonly Run[] {
  const runs: Run[] = [];
  for (let index = 0; index < cells.length; index += 1) {
    const state = cellAt(cells, index);
    const last = runs.at(-1);
    if (last?.state === state) runs[runs.length - 1] = { ...last, to: index };
    else runs.push({ state, from: index, to: index });
  }
  return runs;
}

const mostRuns = 500;

/** The map in numbers: neighbours that are alike in one row. */
export function MapTable({ detail }: { readonly detail: DownloadDetail }) {
  const { cells, chunksPerCell, chunkBytes, download } = detail;
  const runs = runsOf(cells);
  const className = `${twin['frame']} ${styles['numbers']}`;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must reach it
    <section className={className} tabIndex={0} aria-label="The map in numbers">
      <table className={twin['twin']} data-testid="map-table">
        <caption className="visually-hidden">Chunks of the object by state</caption>
        <thead>
          <tr>
            {['chunks', 'state', 'from byte', 'to byte', 'bytes'].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {runs.slice(0, mostRuns).map(({ state, from, to }) => {
            const start = from * chunksPerCell * chunkBytes;
            const end = Math.min(download.objectBytes, (to + 1) * chunksPerCell * chunkBytes);
            const last = Math.max(from * chunksPerCell, Math.ceil(end / chunkBytes) - 1);
            return (
              <tr key={from}>
                <th scope="row">
                  {formatCount(from * chunksPerCell)} – {formatCount(last)}
                </th>
                <td>{state}</td>
                <td>{formatCount(start)}</td>
                <td>{formatCount(Math.max(start, end - 1))}</td>
                <td>{formatBytes(end - start)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {runs.length > mostRuns && <p>{formatCount(runs.length - mostRuns)} more stretches not shown</p>}
    </section>
  );
}
