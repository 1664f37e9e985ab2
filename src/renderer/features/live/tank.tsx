/** The present instant, or the one under the crosshair: the same arithmetic in the same place. */
import type { Memory } from '#shared/model.ts';
import { formatBytes, formatDuration } from '#shared/units.ts';
import { useMemo } from 'react';
import { columnMs } from '../../state/columns.ts';
import { useLive } from '../../state/live-context.ts';
import {
  figuresOf,
  type MemoryFigures,
  stackedSeries,
  unaccountedBytes,
} from '../../state/memory-history.ts';
import type { LiveStore } from '../../state/live-store.ts';
import { useSignal } from '../../state/signal.ts';
import { Canvas } from '../../ui/canvas.tsx';
import { formatClock, formatShare, formatTime } from '../../ui/format.ts';
import { tankPainter } from './tank-painter.ts';
import styles from './tank.module.css';

export function Tank() {
  const { store, timeline } = useLive();
  useSignal(store.changed.memory);
  useSignal(timeline.changed);
  const paint = useMemo(() => tankPainter(store, timeline), [store, timeline]);
  const memory = store.currentFrame?.memory;
  const hover = timeline.instant;
  const figures = memory && (hover === undefined ? figuresOf(memory) : figuresAt(store, hover));
  const label = memory
    ? `Tank: ledger ${formatBytes(memory.ledgerBytes)} of ${formatBytes(memory.budgetBytes)}`
    : 'Tank: empty';
  return (
    <div
      className={styles['tank']}
      data-testid="tank"
      data-ledger-bytes={memory?.ledgerBytes}
      data-budget-bytes={memory?.budgetBytes}
      data-peak-bytes={memory?.peakBytes}
    >
      <Canvas paint={paint} label={label} className={styles['vessel']} />
      <div className={styles['numbers']}>
        <h2 className={styles['when']}>
          {hover === undefined ? 'Now' : `At ${formatClock(hover * columnMs).slice(0, -2)}`}
        </h2>
        {memory && figures && <Figures figures={figures} memory={memory} />}
      </div>
      {memory && <Promised memory={memory} now={store.currentFrame?.at ?? 0} />}
    </div>
  );
}

function figuresAt({ memory }: LiveStore, column: number): MemoryFigures {
  const names = [...stackedSeries, 'ledger', 'budget', 'rss'] as const;
  return Object.fromEntries(
    names.map((name) => [name, memory.value(name, column)]),
  ) as unknown as MemoryFigures;
}

interface FiguresProps {
  readonly figures: MemoryFigures;
  readonly memory: Memory;
}

function Figures({ figures, memory }: FiguresProps) {
  const usedBytes = figures.ledger - figures.spare;
  const isFull = usedBytes >= figures.budget * 0.97;
  return (
    <>
      <p
        className={styles['headline']}
        data-over={figures.ledger > figures.budget}
        title="What transfers, caches and uploads hold, of the memory budget"
      >
        <strong>{formatBytes(usedBytes)}</strong> / {formatBytes(figures.budget)}
        <span>{isFull ? 'full' : formatShare(usedBytes, figures.budget)}</span>
      </p>
      <dl className={styles['figures']}>
        <Figure
          name="reserved"
          bytes={figures.reserved}
          hint="Slabs that are reserved and not filled yet: queued, waiting, retrying"
        />
        <Figure
          name="spare"
          bytes={figures.spare}
          hint="Slabs that were used before and wait to be used again; they count in the ledger"
        />
        <Figure name="V8 heap" bytes={figures.heap} hint="JavaScript objects in the server's process" />
        <Figure
          name="other ext"
          bytes={figures.external}
          hint="Memory outside V8's heap that is not the ledger's"
        />
        <Figure name="RSS" bytes={figures.rss} hint="What the operating system counts for the process" />
        <Figure
          name="unaccounted"
          bytes={unaccountedBytes(figures)}
          hint="RSS minus ledger, V8 heap and other external: code, stacks, the allocator. Below zero while reserved slabs have not been touched"
        />
        <div title="The most that the ledger has ever counted, and when">
          <dt>peak</dt>
          <dd>{formatBytes(memory.peakBytes)}</dd>
        </div>
        <div>
          <dt>at</dt>
          <dd>{memory.peakBytes > 0 ? formatTime(memory.peakAt) : '–'}</dd>
        </div>
      </dl>
    </>
  );
}

interface FigureProps {
  readonly name: string;
  readonly bytes: number;
  readonly hint: string;
}

function Figure({ name, bytes, hint }: FigureProps) {
  const isReported = !Number.isNaN(bytes);
  return (
    <div title={isReported ? hint : `${hint}. Not reported by this runtime`}>
      <dt>{name}</dt>
      <dd>{isReported ? formatBytes(bytes) : 'n/r'}</dd>
    </div>
  );
}

function Promised({ memory, now }: { readonly memory: Memory; readonly now: number }) {
  const { ledgerBytes, budgetBytes, withinBudgetSince, waiting } = memory;
  const kept = ledgerBytes <= budgetBytes;
  const forMs = Math.max(0, Math.floor((now - withinBudgetSince) / 1000) * 1000);
  return (
    <p className={styles['promise']} data-kept={kept} data-testid="promise">
      <span>
        {kept
          ? `Ledger ≤ budget for ${formatDuration(Math.max(1000, forMs))}`
          : `▲ Ledger is ${formatBytes(ledgerBytes - budgetBytes)} above the budget`}
      </span>
      {waiting > 0 && (
        <span className={styles['quiet']} title="Transfers that wait for memory">
          {waiting} waiting for a slot
        </span>
      )}
    </p>
  );
}
