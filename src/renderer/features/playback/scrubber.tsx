/**
 * The whole recording on one line: how much memory was held, where something was noted, and where one is. Pressed or
 * dragged it goes there; as a slider it has the keys of one.
 */
import { Flag as MarkIcon, TriangleAlert } from 'lucide-react';
import { type KeyboardEvent, type PointerEvent, useMemo, useRef, useState } from 'react';
import { formatBytes, formatClock, formatTime } from '#shared/units.ts';
import { ticksOfDay } from '../../state/axis.ts';
import { columnMs } from '../../state/columns.ts';
import type { Flag } from '../../playback/flags.ts';
import type { Overview } from '../../playback/overview.ts';
import type { Player } from '../../playback/player.ts';
import { useSignal } from '../../state/signal.ts';
import { Canvas } from '../../ui/canvas.tsx';
import { useLive } from '../../state/live-context.ts';
import { clustersOf, type FlagCluster, overviewPainter } from './overview-painter.ts';
import styles from './scrubber.module.css';

interface ScrubberProps {
  readonly player: Player;
  readonly overview: Overview;
}

export function Scrubber({ player, overview }: ScrubberProps) {
  const track = useRef<HTMLDivElement>(null);
  const [hovered, hover] = useState<number>();
  const { firstAt, lastAt } = player;
  const lengthMs = Math.max(1, lastAt - firstAt);
  const timeAt = (event: PointerEvent): number => {
    const box = track.current?.getBoundingClientRect();
    const share = box ? (event.clientX - box.left) / Math.max(1, box.width) : 0;
    return firstAt + Math.min(1, Math.max(0, share)) * lengthMs;
  };
  return (
    <div className={styles['scrubber']}>
      <div
        ref={track}
        className={styles['track']}
        onPointerMove={(event) => {
          hover(timeAt(event));
          if (event.currentTarget.hasPointerCapture(event.pointerId)) void player.seek(timeAt(event));
        }}
        onPointerLeave={() => hover(undefined)}
        onPointerDown={(event) => {
          if (event.button !== 0 || isFlag(event.target)) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          void player.seek(timeAt(event));
        }}
      >
        <Curve overview={overview} />
        <Times firstAt={firstAt} lastAt={lastAt} />
        <Handle player={player} />
        {clustersOf(player.flags, firstAt, lastAt).map((cluster) => (
          <FlagButton key={cluster.flags[0]?.id} cluster={cluster} player={player} />
        ))}
        {hovered !== undefined && (
          <Tip at={hovered} share={(hovered - firstAt) / lengthMs} overview={overview} player={player} />
        )}
      </div>
    </div>
  );
}

function isFlag(target: EventTarget): boolean {
  return target instanceof Element && target.closest('button') !== null;
}

function Curve({ overview }: Pick<ScrubberProps, 'overview'>) {
  const { loop } = useLive();
  const version = useSignal(overview.changed);
  const paint = useMemo(() => {
    loop.request();
    return overviewPainter(overview, version);
  }, [overview, loop, version]);
  return <Canvas paint={paint} className={styles['curve']} testId="overview" />;
}

function Times({ firstAt, lastAt }: { readonly firstAt: number; readonly lastAt: number }) {
  const window = { right: lastAt / columnMs, span: Math.max(1, (lastAt - firstAt) / columnMs) };
  // The first would stand out at the left.
  const shown = ticksOfDay(window, formatTime).filter(({ share }) => share < 0.95);
  return shown.map(({ label, share }) => (
    <span key={label} className={styles['tick']} style={{ right: `${share * 100}%` }} aria-hidden="true">
      {label}
    </span>
  ));
}

/** Milliseconds that a key moves by; Shift makes it ten times as much. */
const keySteps: Readonly<Record<string, number>> = {
  ArrowLeft: -1000,
  ArrowDown: -1000,
  ArrowRight: 1000,
  ArrowUp: 1000,
  PageDown: -10_000,
  PageUp: 10_000,
};

function Handle({ player }: Pick<ScrubberProps, 'player'>) {
  useSignal(player.moved);
  const { position, firstAt, lastAt } = player;
  const share = (position - firstAt) / Math.max(1, lastAt - firstAt);
  const press = (event: KeyboardEvent): void => {
    const step = keySteps[event.key];
    if (step !== undefined) void player.seek(position + step * (event.shiftKey ? 10 : 1));
    else if (event.key === 'Home') void player.seek(firstAt);
    else if (event.key === 'End') void player.seek(lastAt);
    else if (event.key === ' ') player.toggle();
    else return;
    event.preventDefault();
  };
  return (
    <div
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- in a field the console's keys would not be heard
      role="slider"
      tabIndex={0}
      className={styles['handle']}
      style={{ left: `${share * 100}%` }}
      aria-label="Instant of the recording"
      aria-orientation="horizontal"
      aria-valuemin={firstAt}
      aria-valuemax={lastAt}
      aria-valuenow={Math.round(position)}
      aria-valuetext={formatClock(position).slice(0, -2)}
      data-testid="scrubber"
      onKeyDown={press}
    />
  );
}

interface FlagButtonProps {
  readonly cluster: FlagCluster;
  readonly player: Player;
}

function FlagButton({ cluster: { flags, share }, player }: FlagButtonProps) {
  const [first] = flags;
  if (!first) return null;
  const hasAlert = flags.some(({ kind }) => kind === 'alert');
  const Picture = hasAlert ? TriangleAlert : MarkIcon;
  const words = flags.map(wordsOf).join('\n');
  return (
    <button
      type="button"
      className={styles['flag']}
      style={{ left: `${share * 100}%` }}
      data-testid="flag"
      data-kind={hasAlert ? 'alert' : 'mark'}
      aria-label={words}
      title={words}
      onClick={() => void player.seek(first.at)}
    >
      <Picture size={12} strokeWidth={2} aria-hidden="true" />
      {flags.length > 1 && <span>{flags.length}</span>}
    </button>
  );
}

/** `14:02:11 A client takes nothing: 10.1.4.7 has …`. */
function wordsOf({ at, title, text }: Flag): string {
  return `${formatTime(at)} ${title}${text === '' ? '' : `: ${text}`}`;
}

interface TipProps extends ScrubberProps {
  readonly at: number;
  readonly share: number;
}

/** What was there, under the pointer. */
function Tip({ at, share, overview, player }: TipProps) {
  useSignal(overview.changed);
  const index = overview.blocks.findLastIndex(({ firstAt }) => firstAt <= at);
  const ledger = overview.ledgerBytes[index] ?? Number.NaN;
  const rss = overview.rssBytes[index] ?? Number.NaN;
  const near = player.flags.filter((flag) => Math.abs(flag.at - at) < (player.lastAt - player.firstAt) / 100);
  return (
    <div
      className={styles['tip']}
      data-side={share > 0.5 ? 'right' : 'left'}
      style={{ left: `${share * 100}%` }}
      aria-hidden="true"
    >
      <strong>{formatTime(at)}</strong>
      {!Number.isNaN(ledger) && <span>ledger {formatBytes(ledger)}</span>}
      {!Number.isNaN(rss) && <span>RSS {formatBytes(rss)}</span>}
      {near.map((flag) => (
        <span key={`${flag.kind} ${flag.id}`}>{wordsOf(flag)}</span>
      ))}
    </div>
  );
}
