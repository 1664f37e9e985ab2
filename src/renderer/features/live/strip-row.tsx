import { useMemo } from 'react';
import { formatCount } from '#shared/units.ts';
import { columnMs } from '../../state/columns.ts';
import { useLive } from '../../state/live-context.ts';
import { useSignal } from '../../state/signal.ts';
import { Canvas } from '../../ui/canvas.tsx';
import type { Presentation } from './presentation.ts';
import { stripHeight, stripPainter } from './strip-painter.ts';
import { StripTable } from './strip-table.tsx';
import { axisTicks } from './time-axis.ts';
import { useTimeKeys } from './use-time.ts';
import styles from './strip-row.module.css';

/** Who asked, and how it went: a bar for each request. Below it the axis that all rows share. */
export function StripRow({ presentation }: { readonly presentation: Presentation }) {
  return (
    <section className={styles['row']} aria-label="Requests over time">
      <div className={styles['gutter']}>
        <h2>Requests</h2>
      </div>
      <div className={styles['plot']}>
        {presentation === 'charts' ? <Strip /> : <StripTable />}
        <Axis />
      </div>
      <Now />
    </section>
  );
}

function Strip() {
  const { store, timeline } = useLive();
  useSignal(store.changed.requests);
  const onKeyDown = useTimeKeys();
  const paint = useMemo(() => stripPainter(store, timeline), [store, timeline]);
  const { right, span } = timeline.window;
  const { fine, refused, failed } = store.strip.count((right - span) * columnMs, (right + 1) * columnMs);
  const label = `Requests over time: ${fine} went well, ${refused} were refused, ${failed} failed`;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the cursor's keys
    <section
      className={styles['scroller']}
      aria-label="Bars of requests"
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the cursor's keys
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div style={{ height: stripHeight }}>
        <Canvas paint={paint} label={label} className={styles['bars']} testId="request-strip" />
      </div>
    </section>
  );
}

function Axis() {
  const { timeline } = useLive();
  useSignal(timeline.settled);
  return (
    <div className={styles['axis']} aria-hidden="true">
      {axisTicks(timeline).map(({ label, share }) => (
        <span key={label} style={{ right: `${share * 100}%` }}>
          {label}
        </span>
      ))}
    </div>
  );
}

function Now() {
  return (
    <div className={styles['now']}>
      <Rates />
    </div>
  );
}

const secondColumns = 10;

function Rates() {
  const { store, timeline } = useLive();
  useSignal(store.changed.requests);
  useSignal(timeline.settled);
  const latest = timeline.instant ?? store.clock.latest;
  const finished = store.memory.sum('requests', latest - secondColumns, latest - 1);
  const transfers = latest < 0 ? 0 : store.memory.value('transfers', latest);
  return (
    <p className={styles['rates']} data-testid="in-flight">
      <span title="Response bodies on their way">
        in flight <strong>{formatCount(transfers)}</strong>
      </span>
      <span title="Requests that finished in the second before">
        <strong>{formatCount(finished)}</strong> / s
      </span>
    </p>
  );
}
