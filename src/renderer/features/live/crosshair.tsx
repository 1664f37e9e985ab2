/** The dashed line through all history rows under the pointer: everything that the right column says is about it. */
import { type PointerEvent, type ReactNode, useRef } from 'react';
import { columnMs } from '../../state/columns.ts';
import { useLive } from '../../state/live-context.ts';
import { useSignal } from '../../state/signal.ts';
import { columnAtShare, shareFromRight } from '../../state/axis.ts';
import { formatClock } from '../../ui/format.ts';
import { axisTicks } from './time-axis.ts';
import type { Presentation } from './presentation.ts';
import styles from './crosshair.module.css';

interface CrosshairProps {
  readonly presentation: Presentation;
  readonly children: ReactNode;
}

export function Crosshair({ presentation, children }: CrosshairProps) {
  const { timeline } = useLive();
  const plot = useRef<HTMLDivElement>(null);
  const point = (event: PointerEvent): void => {
    const box = plot.current?.getBoundingClientRect();
    if (!box || event.clientX < box.left || event.clientX >= box.right) {
      timeline.point(undefined);
      return;
    }
    timeline.point(columnAtShare(timeline.window, (event.clientX - box.left) / box.width));
  };
  return (
    <div className={styles['history']} onPointerMove={point} onPointerLeave={() => timeline.point(undefined)}>
      {children}
      <div ref={plot} className={styles['plot']} data-presentation={presentation} aria-hidden="true">
        <Grid />
        <Line />
      </div>
    </div>
  );
}

function Grid() {
  const { timeline } = useLive();
  useSignal(timeline.changed);
  return axisTicks(timeline).map(({ label, share }) => (
    <i key={label} className={styles['grid']} style={{ right: `${share * 100}%` }} />
  ));
}

function Line() {
  const { timeline, store } = useLive();
  useSignal(timeline.changed);
  useSignal(store.changed.memory);
  const { hover, window } = timeline;
  if (hover === undefined) return null;
  const share = shareFromRight(window, hover);
  if (share < 0 || share >= 1) return null;
  return (
    <div
      className={styles['line']}
      data-side={share > 0.5 ? 'right' : 'left'}
      style={{ right: `${share * 100}%` }}
    >
      <span>{formatClock(hover * columnMs).slice(0, -2)}</span>
    </div>
  );
}
