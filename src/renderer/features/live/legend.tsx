import { type FocusEvent, type RefObject, useMemo, useRef, useState } from 'react';
import type { Slot } from '#shared/model.ts';
import type { ChunkState } from '#shared/vocabulary/live.ts';
import { formatCount } from '#shared/units.ts';
import { useCommand } from '../../state/commands.ts';
import { useLive } from '../../state/live-context.ts';
import type { StackedSeries } from '../../state/memory-history.ts';
import { useSignal } from '../../state/signal.ts';
import { Canvas } from '../../ui/canvas.tsx';
import type { Paint } from '../../ui/paint-loop.ts';
import { palette } from '../../ui/palette.ts';
import { type Cell, drawCell, fullCell } from './cells.ts';
import { isolation } from './isolation.ts';
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
    meaning: 'Complete; waits for the head or for the client. Hatched after 2 s, its seconds after 10 s',
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

/** How much of each there is stands in the tank and the budget's bar. */
const memoryLines: readonly {
  readonly series: StackedSeries | 'gap';
  readonly name: string;
  readonly meaning: string;
}[] = [
  { series: 'cached', name: 'cached', meaning: 'The memory tier' },
  { series: 'upload', name: 'uploads', meaning: 'Parts of uploads in progress' },
  { series: 'spare', name: 'spare', meaning: 'Allocated and waiting to be used again' },
  { series: 'heap', name: 'V8', meaning: 'JavaScript objects; not in the budget' },
  { series: 'external', name: 'other ext', meaning: 'Other memory outside the heap; not in the budget' },
  { series: 'reserved', name: 'reserved', meaning: 'Reserved and not filled: hollow in the chart' },
  { series: 'gap', name: 'no data', meaning: 'The console was not connected: nothing is known' },
];

/** What every shape and colour means, with how much of it there is at the instant that is shown. */
export function Legend() {
  const { store, timeline } = useLive();
  useSignal(store.changed.lanes);
  useSignal(timeline.settled);
  const list = useRef<HTMLUListElement>(null);
  useCommand('view.legend', () => list.current?.querySelector('button')?.focus());
  const { instant } = timeline;
  const views = instant === undefined ? store.lanes.views : store.lanes.at(instant);
  const lanes = views.flatMap((view) => store.laneAt(view, instant) ?? []);
  const slots = lanes.flatMap((lane) => lane.slots);
  const free = lanes.reduce((sum, lane) => sum + Math.max(0, lane.window - lane.slots.length), 0);
  return (
    <section className={styles['legend']} aria-label="Legend" data-testid="legend">
      <SlotLines list={list} slots={slots} free={free} />
      <ul className={styles['others']}>
        {memoryLines.map(({ series, name, meaning }) => (
          <li key={series} title={meaning}>
            <Swatch series={series} />
            <span>{name}</span>
          </li>
        ))}
        <li title="A request that failed: 412, 416 and 5xx">
          <i className={styles['mark']} aria-hidden="true">
            ▲
          </i>
          <span>failed request</span>
        </li>
        <li title="How long the server paused to collect garbage: a tick at the foot of the memory chart">
          <i className={styles['tick']} aria-hidden="true" />
          <span>GC pause</span>
        </li>
      </ul>
    </section>
  );
}

interface SlotLinesProps {
  readonly list: RefObject<HTMLUListElement | null>;
  readonly slots: readonly Slot[];
  readonly free: number;
}

/** Pointing at a state, or reaching it by keyboard, shows only it everywhere; a press keeps it so. */
function SlotLines({ list, slots, free }: SlotLinesProps) {
  const { loop } = useLive();
  const [pinned, setPinned] = useState<ChunkState>();
  const isolate = (state: ChunkState | undefined): void => {
    isolation.show(state);
    loop.invalidate();
  };
  const leave = (event: FocusEvent): void => {
    if (!event.currentTarget.contains(event.relatedTarget)) isolate(pinned);
  };
  const cached = slots.filter(({ tier }) => tier !== undefined && tier !== 'store').length;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- its lines are buttons
    <ul ref={list} className={styles['slots']} onPointerLeave={() => isolate(pinned)} onBlur={leave}>
      {stateLines.map(({ state, meaning, sample }) => {
        const own = slots.filter((slot) => slot.state === state);
        return (
          <li key={state}>
            <button
              type="button"
              title={meaning}
              aria-pressed={pinned === state}
              onPointerEnter={() => isolate(state)}
              onFocus={() => isolate(state)}
              onClick={() => setPinned((before) => (before === state ? undefined : state))}
            >
              <CellSample cell={{ ...emptyCell, state, ...sample }} />
              <span>{state}</span>
              <b>{formatCount(own.length)}</b>
            </button>
          </li>
        );
      })}
      <li title="The window has room for one more">
        <CellSample cell={undefined} />
        <span>free</span>
        <b>{formatCount(free)}</b>
      </li>
      <li title="These bytes came from the memory tier (M) or the disk tier (D): the store was not asked">
        <CellSample cell={{ ...emptyCell, state: 'held', tier: 'memory' }} />
        <span>from a cache</span>
        <b>{formatCount(cached)}</b>
      </li>
      <li title="Its transfer ended before it was sent">
        <CellSample cell={{ ...emptyCell, state: 'cancelled' }} />
        <span>cancelled</span>
      </li>
    </ul>
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
        const isEmpty = series === 'gap' || series === 'reserved';
        context.fillStyle = isEmpty ? colors.page : colors[stackColors[series]];
        context.fillRect(0, 0, width, height);
        if (series === 'reserved') {
          context.strokeStyle = colors['queued-outline'];
          context.lineWidth = ratio;
          context.strokeRect(ratio / 2, ratio / 2, width - ratio, height - ratio);
        }
        if (series !== 'gap' && series !== 'external') return;
        context.fillStyle = hatchPattern(context, series === 'gap' ? colors['text-3'] : colors.page, ratio);
        context.fillRect(0, 0, width, height);
      },
    [series],
  );
  return <Canvas paint={paint} className={styles['swatch']} />;
}
