/** What the Live view does with time: its address, its commands, and the keys of its pictures. */
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { columnMs } from '../../state/columns.ts';
import { useCommand } from '../../state/commands.ts';
import { type Live, useLive } from '../../state/live-context.ts';
import { go, type Params, parsePlace } from '../../state/place.ts';
import { useSignal } from '../../state/signal.ts';
import { paramsOf, positionOf, timeParams } from './address.ts';
import { clockOf, wordsAt } from './cursor-tip.tsx';
import { readout } from './readout.tsx';

/** Milliseconds after the last change until the address says so: browsers refuse to rewrite it all the time. */
const writeAfterMs = 300;

/** The address says what the timeline shows, and the timeline shows what the address says. */
export function useTimeInAddress(): void {
  const { timeline, loop } = useLive();
  const written = useRef<string>(undefined);
  useEffect(() => {
    const read = (): void => {
      const { view, params } = parsePlace(location.hash);
      const current = JSON.stringify(timePartOf(params));
      // What was written here may be older than what is shown by now.
      if ((view !== '' && view !== 'live') || current === written.current) return;
      written.current = undefined;
      if (current === JSON.stringify(paramsOf(timeline.position))) return;
      timeline.restore(positionOf(params));
      loop.invalidate();
    };
    read();
    addEventListener('hashchange', read);
    return () => removeEventListener('hashchange', read);
  }, [timeline, loop]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = timeline.settled.subscribe(() => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        const time = paramsOf(timeline.position);
        written.current = JSON.stringify(timePartOf(time));
        write(time);
      }, writeAfterMs);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [timeline]);
}

function write(time: Params): void {
  const place = parsePlace(location.hash);
  const others = Object.entries(place.params).filter(([name]) => !isTimeParam(name));
  const deeper = time['within'] !== place.params['within'];
  go({ ...place, params: { ...Object.fromEntries(others), ...time } }, deeper ? 'push' : 'replace');
}

/** In one order, so that equal ones are equal as text. */
function timePartOf(params: Params): Params {
  return Object.fromEntries(
    timeParams.flatMap((name) => (params[name] === undefined ? [] : [[name, params[name]]])),
  );
}

function isTimeParam(name: string): boolean {
  return (timeParams as readonly string[]).includes(name);
}

export function useTimeCommands(): void {
  const { timeline, loop, player } = useLive();
  useSignal(timeline.settled);
  const does = (change: () => void) => () => {
    change();
    loop.invalidate();
  };
  const isPaused = timeline.pausedAt !== undefined;
  const { trail, brush, isLive } = timeline;
  useCommand(
    'time.narrower',
    does(() => timeline.scale(-1)),
  );
  useCommand(
    'time.wider',
    does(() => timeline.scale(1)),
  );
  useCommand(
    'time.pause',
    // What plays a recording has these keys itself.
    player ? undefined : does(() => (isPaused ? timeline.resume() : timeline.pause())),
  );
  useCommand('time.live', isLive && !brush ? undefined : does(() => timeline.resume()));
  useCommand('time.back', isPaused ? does(() => timeline.step(-1)) : undefined);
  useCommand('time.forward', isPaused ? does(() => timeline.step(1)) : undefined);
  useCommand('time.out', trail.length > 0 || brush ? does(() => timeline.back()) : undefined);
}

const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 };

/**
 * The keys of a picture: left and right move the cursor in time (by ten with Shift), Enter goes into what is brushed,
 * Shift+Enter brushes from the cursor to the end, Esc takes cursor and brush away.
 */
export function useTimeKeys(): (event: KeyboardEvent) => void {
  const live = useLive();
  return (event) => {
    if (press(live, event)) event.preventDefault();
  };
}

function press(live: Live, event: KeyboardEvent): boolean {
  const { timeline, loop } = live;
  const step = steps[event.key];
  if (step !== undefined && timeline.pausedAt === undefined) {
    moveCursor(live, step * (event.shiftKey ? 10 : 1));
  } else if (event.key === 'Enter' && event.shiftKey && timeline.hover !== undefined) {
    timeline.narrow({ from: timeline.hover * columnMs, to: (timeline.window.right + 1) * columnMs });
  } else if (event.key === 'Enter' && timeline.brush) {
    timeline.commit();
  } else if (event.key === 'Escape' && (timeline.hover !== undefined || timeline.brush)) {
    timeline.point(undefined);
    timeline.narrow(undefined);
  } else return false;
  loop.invalidate();
  return true;
}

function moveCursor(live: Live, columns: number): void {
  const { right, span } = live.timeline.window;
  const from = live.timeline.hover ?? right;
  const column = Math.min(right, Math.max(right - span + 1, from + columns));
  live.timeline.point(column);
  readout.say([clockOf(column), ...wordsAt(live, column)].join(', '));
}
