import { useMemo } from 'react';
import { formatCount } from '#shared/units.ts';
import { useLive } from '../../state/live-context.ts';
import { useSignal } from '../../state/signal.ts';
import { spans } from '../../state/timeline.ts';
import { Canvas } from '../../ui/canvas.tsx';
import { Segments } from '../../ui/segments.tsx';
import { requestBarsPainter } from './request-bars.ts';
import { axisTicks } from './time-axis.ts';
import styles from './axis-row.module.css';

/** Requests over time, the axis that all rows share, and how much of it is in view. */
export function AxisRow() {
  const { store, timeline, loop } = useLive();
  useSignal(timeline.changed);
  const paint = useMemo(() => requestBarsPainter(store, timeline), [store, timeline]);
  return (
    <div className={styles['row']}>
      <div className={styles['gutter']}>Requests / s</div>
      <div className={styles['plot']}>
        <Canvas paint={paint} className={styles['bars']} />
        <div className={styles['axis']} aria-hidden="true">
          {axisTicks(timeline).map(({ label, share }) => (
            <span key={label} style={{ right: `${share * 100}%` }}>
              {label}
            </span>
          ))}
        </div>
      </div>
      <div className={styles['now']}>
        <RequestRate />
        <Segments
          label="Time in view"
          value={timeline.minutes}
          onChange={(minutes) => {
            timeline.show(minutes);
            loop.invalidate();
          }}
          options={spans.map((value) => ({ value, name: `${value} m in view`, content: `${value} m` }))}
        />
      </div>
    </div>
  );
}

const secondColumns = 10;

function RequestRate() {
  const { store } = useLive();
  useSignal(store.changed.requests);
  const { latest } = store.clock;
  const finished = store.memory.sum('requests', latest - secondColumns, latest - 1);
  return (
    <span>
      <strong>{formatCount(finished)}</strong> in the last second
    </span>
  );
}
