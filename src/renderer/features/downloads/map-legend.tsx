import { useMemo } from 'react';
import type { CellState } from '#shared/vocabulary/downloads.ts';
import { formatCount } from '#shared/units.ts';
import { Canvas } from '../../ui/canvas.tsx';
import type { Paint } from '../../ui/paint-loop.ts';
import { palette } from '../../ui/palette.ts';
import { paintMapCell } from './map-painter.ts';
import { cellMeanings } from './words.ts';
import styles from './object-map.module.css';

/** From what is on its way to what has gone. */
const order: readonly CellState[] = [
  'queued',
  'waiting',
  'receiving',
  'held',
  'draining',
  'cached',
  'disk',
  'partly',
  'evicted',
  'retry',
  'failed',
  'cancelled',
  'never',
];

/** What every cell means, always in sight, with how many there are. */
export function MapLegend({ counts }: { readonly counts: ReadonlyMap<CellState, number> }) {
  return (
    <ul className={styles['legend']} aria-label="Legend of the map">
      {order.map((state) => (
        <li key={state} title={cellMeanings[state]} data-none={(counts.get(state) ?? 0) === 0}>
          <Sample state={state} />
          {state} <b>{formatCount(counts.get(state) ?? 0)}</b>
        </li>
      ))}
    </ul>
  );
}

function Sample({ state }: { readonly state: CellState }) {
  const paint = useMemo<Paint>(
    () =>
      ({ context, width, height, ratio, fresh }) => {
        if (!fresh) return;
        context.setTransform(1, 0, 0, 1, 0, 0);
        context.clearRect(0, 0, width, height);
        context.setTransform(ratio, 0, 0, ratio, 0, 0);
        const box = { context, colors: palette(), x: 0, y: 0, width: 10, height: 14 };
        paintMapCell(box, state, { share: 0.55, attempt: 2 });
      },
    [state],
  );
  return <Canvas paint={paint} className={styles['sample']} />;
}
