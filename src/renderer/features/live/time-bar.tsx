/** Where in time the view is: stretches that were gone into, what is brushed, a pause, and how much is in view. */
import { ChevronLeft, ChevronRight, Pause, ZoomIn } from 'lucide-react';
import { formatClock, formatCount, formatDuration, formatTime } from '#shared/units.ts';
import { useLive } from '../../state/live-context.ts';
import { useSignal } from '../../state/signal.ts';
import { columnMs } from '../../state/columns.ts';
import { type SpanMinutes, spans, type TimeRange } from '../../state/timeline.ts';
import { Segments } from '../../ui/segments.tsx';
import { Earlier } from './earlier.tsx';
import styles from './time-bar.module.css';

export function TimeBar() {
  const { timeline, player } = useLive();
  useSignal(timeline.settled);
  const { pausedAt, trail, brush, isLive } = timeline;
  return (
    <div className={styles['bar']} data-testid="time-bar" data-paused={pausedAt !== undefined}>
      {pausedAt !== undefined && <Paused at={pausedAt} />}
      {pausedAt === undefined ? <Trail /> : trail.length > 0 && <Trail />}
      {brush && <Brushed brush={brush} />}
      {!player && isLive && <Earlier />}
      <span className={styles['end']}>
        {pausedAt === undefined ? !player && <PauseButton /> : <Steps />}
        {(!isLive || brush) && <GoLive />}
        <Spans />
      </span>
    </div>
  );
}

function Paused({ at }: { readonly at: number }) {
  const { store } = useLive();
  useSignal(store.changed.memory);
  const now = store.clock.latest;
  const column = at / columnMs;
  const requests = store.memory.sum('requests', column + 1, now);
  const since = formatDuration(Math.max(0, Math.floor(((now - column) * columnMs) / 1000) * 1000));
  return (
    <strong data-testid="paused">
      Paused at {formatClock(at).slice(0, -2)}
      <span className={styles['quiet']}>
        {' '}
        — {since} and {formatCount(requests)} requests since
        {column < store.clock.first && ', and this instant is no longer kept'}
      </span>
    </strong>
  );
}

function Trail() {
  const { timeline, loop, player } = useLive();
  const { trail, isLive } = timeline;
  const goTo = (depth: number): void => {
    timeline.narrow(undefined);
    if (depth === 0) timeline.resume();
    else timeline.back(depth);
    loop.invalidate();
  };
  return (
    <nav className={styles['trail']} aria-label="Stretch of time">
      <button type="button" onClick={() => goTo(0)}>
        {player ? 'Recording' : 'Live'}
      </button>
      {trail.map((range, index) => (
        <span key={`${range.from}-${range.to}`}>
          <i aria-hidden="true">▸</i>
          <button
            type="button"
            aria-current={index === trail.length - 1 ? 'location' : undefined}
            onClick={() => goTo(index + 1)}
          >
            {wordsOf(range)}
          </button>
        </span>
      ))}
      {trail.length === 0 && !isLive && <span className={styles['quiet']}>▸ earlier</span>}
    </nav>
  );
}

function Brushed({ brush }: { readonly brush: TimeRange }) {
  const { timeline, loop } = useLive();
  const does = (change: () => void) => () => {
    change();
    loop.invalidate();
  };
  return (
    <span className={styles['trail']} data-testid="brushed">
      <span>
        brushed {wordsOf(brush)} · {formatDuration(brush.to - brush.from)}
      </span>
      <button type="button" title="Enter" onClick={does(() => timeline.commit())}>
        <ZoomIn size={14} strokeWidth={1.75} aria-hidden="true" /> Zoom in
      </button>
      <button type="button" title="Backspace" onClick={does(() => timeline.narrow(undefined))}>
        Clear
      </button>
    </span>
  );
}

function Steps() {
  const { timeline, loop } = useLive();
  const step = (direction: -1 | 1) => () => {
    timeline.step(direction);
    loop.invalidate();
  };
  return (
    <>
      <button type="button" aria-label="Step back" title="Step back (←)" onClick={step(-1)}>
        <ChevronLeft size={14} strokeWidth={1.75} aria-hidden="true" />
      </button>
      <button type="button" aria-label="Step on" title="Step on (→)" onClick={step(1)}>
        <ChevronRight size={14} strokeWidth={1.75} aria-hidden="true" />
      </button>
    </>
  );
}

function PauseButton() {
  const { timeline, loop } = useLive();
  const pause = (): void => {
    timeline.pause();
    loop.invalidate();
  };
  return (
    <button type="button" title="Stop the view; recording goes on (Space)" onClick={pause}>
      <Pause size={14} strokeWidth={1.75} aria-hidden="true" /> Pause
    </button>
  );
}

function Spans() {
  const { timeline, loop } = useLive();
  const show = (minutes: SpanMinutes): void => {
    timeline.show(minutes);
    loop.invalidate();
  };
  const options = spans.map((value) => ({ value, name: `${value} m in view`, content: `${value} m` }));
  return <Segments label="Time in view" value={timeline.minutes} onChange={show} options={options} />;
}

function GoLive() {
  const { timeline, loop, player } = useLive();
  const goLive = (): void => {
    timeline.resume();
    loop.invalidate();
  };
  return (
    <button type="button" data-weight="main" onClick={goLive}>
      {player ? 'To the instant' : 'Go live'} <kbd>.</kbd>
    </button>
  );
}

/** `14:02:10–14:03:40`; with tenths where it is short. */
function wordsOf({ from, to }: TimeRange): string {
  const format = to - from < 10_000 ? (at: number) => formatClock(at).slice(0, -2) : formatTime;
  return `${format(from)}–${format(to)}`;
}
