/**
 * What all history rows share: the dashed line under the pointer, brushing, zooming and moving in time. Everything that
 * the right column says is about the instant under the line.
 */
import { type PointerEvent, type ReactNode, useEffect, useRef } from 'react';
import { columnAtShare, shareFromRight, type TimeWindow } from '../../state/axis.ts';
import { columnMs } from '../../state/columns.ts';
import { type Live, useLive } from '../../state/live-context.ts';
import { useSignal } from '../../state/signal.ts';
import type { TimeRange } from '../../state/timeline.ts';
import { CursorTip } from './cursor-tip.tsx';
import type { Presentation } from './presentation.ts';
import { axisTicks } from './time-axis.ts';
import styles from './history.module.css';

interface HistoryProps {
  readonly presentation: Presentation;
  readonly children: ReactNode;
}

/** A press that moves less than this, in pixels, is a click. */
const leastDrag = 4;
/** How much a notch of the wheel zooms, and what share of the window it moves. */
const zoomStep = 1.2;
const panStep = 0.08;

export function History({ presentation, children }: HistoryProps) {
  const live = useLive();
  const { timeline, loop } = live;
  const root = useRef<HTMLDivElement>(null);
  const plot = useRef<HTMLDivElement>(null);
  const drag = useDrag(live, plot);
  useWheel(live, root, plot);
  const point = (event: PointerEvent): void => {
    const share = shareOf(plot.current, event.clientX);
    const column = share === undefined ? undefined : columnAtShare(timeline.window, share);
    if (column === timeline.hover) return;
    timeline.point(column);
    loop.request();
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- each row has the same by keyboard
    <div
      ref={root}
      className={styles['history']}
      data-testid="history"
      onPointerMove={(event) => {
        point(event);
        drag.move(event);
      }}
      onPointerLeave={() => {
        timeline.point(undefined);
        loop.request();
      }}
      onPointerDown={drag.begin}
      onPointerUp={drag.end}
      onPointerCancel={drag.end}
      onClickCapture={drag.click}
      onDoubleClick={(event) => {
        if (shareOf(plot.current, event.clientX) === undefined) return;
        timeline.resume();
        loop.invalidate();
      }}
    >
      {children}
      <div ref={plot} className={styles['plot']} data-presentation={presentation} aria-hidden="true">
        <Grid />
        <Brush />
        <Line />
      </div>
    </div>
  );
}

/** Where in the plot an x coordinate lies, from 0 to 1; `undefined` beside it. */
function shareOf(plot: HTMLElement | null, clientX: number): number | undefined {
  const box = plot?.getBoundingClientRect();
  if (!box || clientX < box.left || clientX >= box.right) return undefined;
  return (clientX - box.left) / box.width;
}

/** The stretch between two columns, in either order. */
function rangeBetween(one: number, other: number): TimeRange {
  const [from, to] = one < other ? [one, other] : [other, one];
  return { from: from * columnMs, to: (to + 1) * columnMs };
}

/** Pressing and moving brushes a stretch; a press alone takes the brush away, and is a click for what is below. */
function useDrag({ timeline }: Live, plot: { readonly current: HTMLElement | null }) {
  const pressed = useRef<{ readonly x: number; readonly window: TimeWindow; moved: boolean }>(undefined);
  const suppressClick = useRef(false);
  return {
    begin: (event: PointerEvent): void => {
      const isPlot = shareOf(plot.current, event.clientX) !== undefined;
      const isControl =
        event.target instanceof HTMLElement && event.target.closest('button, a, [role="separator"]');
      if (event.button !== 0 || !isPlot || isControl) return;
      pressed.current = { x: event.clientX, window: timeline.window, moved: false };
    },
    move: (event: PointerEvent): void => {
      const press = pressed.current;
      const box = plot.current?.getBoundingClientRect();
      if (!press || !box) return;
      press.moved ||= Math.abs(event.clientX - press.x) >= leastDrag;
      if (!press.moved) return;
      const columnOf = (x: number): number => columnAtShare(press.window, (x - box.left) / box.width);
      timeline.narrow(rangeBetween(columnOf(press.x), columnOf(event.clientX)));
    },
    end: (): void => {
      suppressClick.current = pressed.current?.moved === true;
      if (pressed.current?.moved === false && timeline.brush) timeline.narrow(undefined);
      pressed.current = undefined;
    },
    /** The end of a drag is not a click. */
    click: (event: { readonly stopPropagation: () => void }): void => {
      if (suppressClick.current) event.stopPropagation();
      suppressClick.current = false;
    },
  };
}

type Held = { readonly current: HTMLElement | null };

/** Over the plot the wheel is time's: it zooms at the pointer, and moves with Shift. React's own listener is passive. */
function useWheel({ timeline, loop }: Live, root: Held, plot: Held): void {
  useEffect(() => {
    const element = root.current;
    const turn = (event: WheelEvent): void => {
      const share = shareOf(plot.current, event.clientX);
      if (share === undefined) return;
      event.preventDefault();
      const { window } = timeline;
      const isSideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
      const delta = Math.abs(event.deltaX) > Math.abs(event.deltaY) ? event.deltaX : event.deltaY;
      if (isSideways) timeline.pan(Math.sign(delta) * Math.max(1, window.span * panStep));
      else timeline.zoom(columnAtShare(window, share), delta > 0 ? zoomStep : 1 / zoomStep);
      loop.invalidate();
    };
    element?.addEventListener('wheel', turn, { passive: false });
    return () => element?.removeEventListener('wheel', turn);
  }, [timeline, loop, root, plot]);
}

function Grid() {
  const { timeline } = useLive();
  useSignal(timeline.settled);
  return axisTicks(timeline).map(({ label, share }) => (
    <i key={label} className={styles['grid']} style={{ right: `${share * 100}%` }} />
  ));
}

function Brush() {
  const { timeline, store } = useLive();
  useSignal(timeline.changed);
  useSignal(store.changed.memory);
  const { brush, window } = timeline;
  if (!brush) return null;
  const right = Math.max(0, shareFromRight(window, brush.to / columnMs));
  const left = Math.min(1, shareFromRight(window, brush.from / columnMs));
  if (right >= 1 || left <= 0) return null;
  const place = { right: `${right * 100}%`, width: `${(left - right) * 100}%` };
  return <i className={styles['brush']} style={place} />;
}

function Line() {
  const { timeline, store } = useLive();
  useSignal(timeline.changed);
  useSignal(store.changed.memory);
  const { window } = timeline;
  // Only an instant that was pointed at, or stopped at, has a line.
  const column = timeline.hover ?? (timeline.pausedAt === undefined ? undefined : timeline.instant);
  if (column === undefined) return null;
  const share = shareFromRight(window, column);
  if (share < 0 || share >= 1) return null;
  return (
    <div
      className={styles['line']}
      data-side={share > 0.5 ? 'right' : 'left'}
      style={{ right: `${share * 100}%` }}
    >
      {timeline.hover !== undefined && <CursorTip column={column} />}
    </div>
  );
}
