/** The present instant, or the one under the crosshair: the same arithmetic in the same place. */
import { type ReactNode, useMemo } from 'react';
import type { Memory } from '#shared/model.ts';
import { formatBytes, formatCount, formatDuration, formatShare, formatTime } from '#shared/units.ts';
import { useLive } from '../../state/live-context.ts';
import { figuresOf, type MemoryFigures, unaccountedBytes } from '../../state/memory-history.ts';
import { useSignal } from '../../state/signal.ts';
import { unaccountedGrowth } from '../../state/unaccounted.ts';
import { Canvas } from '../../ui/canvas.tsx';
import { Explained } from '../../ui/explained.tsx';
import { clockOf } from './cursor-tip.tsx';
import { Holders } from './holders.tsx';
import { tankPainter } from './tank-painter.ts';
import styles from './tank.module.css';

export function Tank() {
  const { store, timeline } = useLive();
  useSignal(store.changed.memory);
  useSignal(timeline.settled);
  const paint = useMemo(() => tankPainter(store, timeline), [store, timeline]);
  const memory = store.currentFrame?.memory;
  const { instant } = timeline;
  // What is newest in a recording is not now.
  const shownAt = instant ?? (timeline.source === 'recording' ? store.clock.latest : undefined);
  const isKnown = instant === undefined || store.clock.isKnown(instant);
  const figures =
    memory && isKnown && (instant === undefined ? figuresOf(memory) : store.memory.figuresAt(instant));
  const label = figures
    ? `Tank: window ${formatBytes(figures.ledger - figures.spare)} of ${formatBytes(figures.budget)}`
    : 'Tank: empty';
  return (
    <div
      className={styles['tank']}
      data-testid="tank"
      data-instant={instant}
      data-ledger-bytes={memory?.ledgerBytes}
      data-budget-bytes={memory?.budgetBytes}
      data-peak-bytes={memory?.peakBytes}
    >
      <Canvas paint={paint} label={label} className={styles['vessel']} />
      <div className={styles['numbers']}>
        <h2 className={styles['when']} data-testid="instant">
          {shownAt === undefined ? 'Now' : `At ${clockOf(shownAt)}`}
        </h2>
        {memory && figures && <Figures figures={figures} memory={memory} />}
        {!isKnown && <p className={styles['headline']}>No data: the console was not connected.</p>}
      </div>
      {memory && (
        <div className={styles['promise']}>
          <Promised memory={memory} />
          <Holders />
        </div>
      )}
    </div>
  );
}

interface FiguresProps {
  readonly figures: MemoryFigures;
  readonly memory: Memory;
}

/** From so much on the window counts as full: a slab is missing to the budget. */
const fullShare = 0.97;

function Figures({ figures, memory }: FiguresProps) {
  const usedBytes = figures.ledger - figures.spare;
  const isFull = usedBytes >= figures.budget * fullShare;
  return (
    <>
      <p className={styles['headline']} data-over={figures.ledger > figures.budget}>
        <Explained
          title="Window"
          what="What transfers, caches and uploads hold, of the memory budget. Full is no fault: whoever needs more waits for a slot."
        >
          <strong>{formatBytes(usedBytes)}</strong> / {formatBytes(figures.budget)}
        </Explained>
        <span>{isFull ? 'full' : formatShare(usedBytes, figures.budget)}</span>
      </p>
      {figures.waiting > 0 && (
        <p className={styles['waiting']} title="Transfers that wait for admission or for a slab">
          {isFull ? 'full · ' : ''}
          {formatCount(figures.waiting)} waiting for a slot
        </p>
      )}
      <dl className={styles['figures']}>
        <Figure name="reserved" bytes={figures.reserved}>
          Slabs that are reserved and not filled yet: queued, waiting, retrying.
        </Figure>
        <Figure name="spare" bytes={figures.spare}>
          Slabs that were used before and wait to be used again; they count in the ledger.
        </Figure>
        <Figure name="V8" bytes={figures.heap}>
          JavaScript objects in the server’s process. Not in the budget.
        </Figure>
        <Figure name="other ext" bytes={figures.external}>
          Memory outside V8’s heap that is not the ledger’s. Not in the budget.
        </Figure>
        <Figure name="RSS" bytes={figures.rss}>
          What the operating system counts for the process.
        </Figure>
        <Unaccounted bytes={unaccountedBytes(figures)} />
        <div className={styles['wide']}>
          <dt>
            <Explained
              title="Peak"
              what="The most that the ledger has ever counted, and when: the notch beside the tank."
            >
              peak
            </Explained>
          </dt>
          <dd>
            {formatBytes(memory.peakBytes)}
            {memory.peakBytes > 0 && <span> at {formatTime(memory.peakAt)}</span>}
          </dd>
        </div>
      </dl>
    </>
  );
}

interface FigureProps {
  readonly name: string;
  readonly bytes: number;
  readonly isAlarming?: boolean;
  /** What it is. */
  readonly children: ReactNode;
}

function Figure({ name, bytes, isAlarming = false, children }: FigureProps) {
  const isReported = !Number.isNaN(bytes);
  return (
    <div data-alarming={isAlarming}>
      <dt>
        <Explained
          title={name}
          what={isReported ? children : <>{children} This runtime does not report it.</>}
        >
          {name}
        </Explained>
      </dt>
      <dd>{isReported ? formatBytes(bytes) : 'n/r'}</dd>
    </div>
  );
}

function Unaccounted({ bytes }: { readonly bytes: number }) {
  const { store } = useLive();
  const growth = unaccountedGrowth(store.clock, store.memory);
  return (
    <Figure name="unaccounted" bytes={bytes} isAlarming={growth !== undefined}>
      RSS minus ledger, V8 and other external: code, stacks, the allocator. Below zero while slabs have not
      been touched.
      {growth &&
        ` It has been above ${formatBytes(growth.nowBytes)} for a minute; it used to be ${formatBytes(growth.baselineBytes)}.`}
    </Figure>
  );
}

function Promised({ memory }: { readonly memory: Memory }) {
  const { store } = useLive();
  const { ledgerBytes, budgetBytes, withinBudgetSince } = memory;
  const kept = ledgerBytes <= budgetBytes;
  const now = store.currentFrame?.at ?? 0;
  const forMs = Math.max(0, Math.floor((now - withinBudgetSince) / 1000) * 1000);
  return (
    <p data-kept={kept} data-testid="promise">
      {kept
        ? `Window ≤ budget for ${formatDuration(Math.max(1000, forMs))}.`
        : `▲ The window is ${formatBytes(ledgerBytes - budgetBytes)} above the budget.`}
    </p>
  );
}
