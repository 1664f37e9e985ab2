import { useMemo } from 'react';
import type { ChunkState } from '#shared/model.ts';
import { formatBytes, formatCount } from '#shared/units.ts';
import { useLive } from '../../state/live-context.ts';
import type { StackedSeries } from '../../state/memory-history.ts';
import { useSignal } from '../../state/signal.ts';
import { Canvas } from '../../ui/canvas.tsx';
import type { Paint } from '../../ui/paint-loop.ts';
import { palette } from '../../ui/palette.ts';
import { type Cell, drawCell, fullCell } from './cells.ts';
import { stackColors } from './memory-chart.ts';
import { hatchPattern } from './patterns.ts';
import styles from './legend.module.css';

interface StateLine {
  readonly state: ChunkState;
  readonly meaning: string;
  readonly sample: Partial<Cell>;
}

const stateLines: readonly StateLine[] = [
  { state: 'receiving', meaning: 'Bytes come in: the fill rises', sample: { filledBytes: 55 } },
  {
    state: 'held',
    meaning: 'Complete; waits for the head or for the client. Hatched after 2 s, then its seconds',
    sample: {},
  },
  { state: 'draining', meaning: 'Bytes go out to the client: the fill falls', sample: { sentBytes: 40 } },
  {
    state: 'waiting',
    meaning: 'Asked the store; no byte yet. The hand turns once in 2 s',
    sample: { ageMs: 300 },
  },
  { state: 'queued', meaning: 'Memory is reserved; not asked yet', sample: {} },
  {
    state: 'retry',
    meaning: 'Failed and will be asked again; the digit counts attempts',
    sample: { attempt: 2 },
  },
  { state: 'failed', meaning: 'Given up', sample: {} },
];

const memoryLines: readonly {
  readonly series: StackedSeries;
  readonly name: string;
  readonly meaning: string;
}[] = [
  { series: 'cached', name: 'cached', meaning: 'The memory tier' },
  { series: 'upload', name: 'uploads', meaning: 'Parts of uploads in progress' },
  { series: 'spare', name: 'spare', meaning: 'Allocated and waiting to be used again' },
  { series: 'heap', name: 'V8 heap', meaning: 'JavaScript objects; not in the budget' },
  { series: 'external', name: 'other ext', meaning: 'Other memory outside the heap; not in the budget' },
];

/** What every shape and colour means, with how much of it there is now. */
export function Legend() {
  const { store } = useLive();
  useSignal(store.changed.lanes);
  const frame = store.currentFrame;
  const slots = frame?.lanes.flatMap((lane) => lane.slots) ?? [];
  const latest = store.clock.latest;
  return (
    <section className={styles['legend']} aria-label="Legend">
      <div>
        <h2>Slots</h2>
        <ul>
          {stateLines.map(({ state, meaning, sample }) => (
            <li key={state} title={meaning}>
              <CellSample cell={{ ...emptyCell, state, ...sample }} />
              <span>{state}</span>
              <b>{formatCount(slots.filter((slot) => slot.state === state).length)}</b>
              <b>{frame ? formatBytes(frame.memory.byState[state]) : '–'}</b>
            </li>
          ))}
          <li title="The window has room for one more">
            <CellSample cell={undefined} />
            <span>free</span>
          </li>
        </ul>
      </div>
      <div>
        <h2>Also in memory</h2>
        <ul>
          {memoryLines.map(({ series, name, meaning }) => {
            const bytes = latest < 0 ? Number.NaN : store.memory.value(series, latest);
            return (
              <li key={series} title={meaning}>
                <Swatch series={series} />
                <span>{name}</span>
                <b>{Number.isNaN(bytes) ? 'n/r' : formatBytes(bytes)}</b>
              </li>
            );
          })}
          <li title="These bytes came from the memory tier (M) or the disk tier (D): the store was not asked">
            <CellSample cell={{ ...emptyCell, state: 'held', tier: 'memory' }} />
            <CellSample cell={{ ...emptyCell, state: 'held', tier: 'disk' }} />
            <span>from a cache</span>
          </li>
          <li title="The console was not connected: nothing is known">
            <Swatch series="gap" />
            <span>no data</span>
          </li>
        </ul>
      </div>
    </section>
  );
}

const emptyCell: Cell = { state: 'held', bytes: 100, filledBytes: 0, sentBytes: 0, ageMs: 0, attempt: 1 };

function CellSample({ cell }: { readonly cell: Cell | undefined }) {
  const key = JSON.stringify(cell);
  // The cell is a constant: its text stands for it, so that the canvas is not started over.
  const paint = useMemo<Paint>(() => {
    const drawn = key === undefined ? undefined : (JSON.parse(key) as Cell);
    return ({ context, width, height, ratio, fresh }) => {
      if (!fresh) return;
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, width, height);
      context.scale(ratio, ratio);
      drawCell({ context, colors: palette(), x: 0, y: 0, ...fullCell }, drawn);
    };
  }, [key]);
  return <Canvas paint={paint} className={styles['cell']} />;
}

function Swatch({ series }: { readonly series: StackedSeries | 'gap' }) {
  const paint = useMemo<Paint>(
    () =>
      ({ context, width, height, ratio, fresh }) => {
        if (!fresh) return;
        const colors = palette();
        context.fillStyle = series === 'gap' ? colors.page : colors[stackColors[series]];
        context.fillRect(0, 0, width, height);
        if (series !== 'gap' && series !== 'external') return;
        context.fillStyle = hatchPattern(context, series === 'gap' ? colors['text-3'] : colors.page, ratio);
        context.fillRect(0, 0, width, height);
      },
    [series],
  );
  return <Canvas paint={paint} className={styles['swatch']} />;
}
