/**
 * Keeps the stores fed: connect, say hello, then ask for one frame after another; when that ends, wait and start
 * over. The next frame is asked for when the last has been drawn: a slow window gets fewer frames, never a queue.
 */
import type { Frame, Hello } from '#shared/model.ts';
import { messageOf } from '#shared/errors.ts';
import { backoffMs } from './backoff.ts';
import { theAdmission } from './admission.ts';
import type { Connection, ConsoleClient } from './connect.ts';

/** Longer than this without an answer and the connection counts as lost, whatever the transport believes. */
const answerTimeoutMs = 8000;
/** The longest pause between frames: what a page that nobody sees gets. */
const pauseMs = 1000;

export interface FollowSink {
  /** The newest cursor that was applied, or -1. */
  readonly cursor: () => number;
  readonly connecting: () => void;
  readonly hello: (hello: Hello) => void;
  readonly frame: (frame: Frame) => void;
  /** The connection ended; the next attempt, the `attempt`th, starts at `retryAt` (epoch milliseconds). */
  readonly lost: (reason: string, retryAt: number, attempt: number) => void;
}

export interface FollowOptions {
  /** Opens a connection to the server. */
  readonly open: () => Connection;
  /** When the next frame is asked for: when the last has been drawn, or a second later. */
  readonly pace: 'drawn' | 'seconds';
}

export interface Follower {
  /** Ends a wait between attempts. */
  readonly retryNow: () => void;
  /** Makes a call over the connection that stands now. @throws what the call throws; when there is no connection */
  readonly call: <T>(work: (client: ConsoleClient) => Promise<T>) => Promise<T>;
}

/** Follows the server until `signal` aborts. */
export function follow(sink: FollowSink, options: FollowOptions, signal: AbortSignal): Follower {
  let wake = (): void => undefined;
  let standing: ConsoleClient | undefined;
  void (async () => {
    let failures = 0;
    while (!signal.aborted) {
      sink.connecting();
      await theAdmission.passed();
      const outcome = await converse(sink, options, signal, (client) => {
        standing = client;
      });
      standing = undefined;
      if (signal.aborted) return;
      failures = outcome.answered ? 1 : failures + 1;
      const delayMs = backoffMs(failures, Math.random());
      sink.lost(outcome.reason, Date.now() + delayMs, failures);
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, delayMs);
      });
    }
  })();
  return {
    retryNow: () => wake(),
    call: async (work) => {
      if (!standing) throw new Error('Sluice does not answer');
      return work(standing);
    },
  };
}

interface Outcome {
  readonly answered: boolean;
  readonly reason: string;
}

async function converse(
  sink: FollowSink,
  { open, pace }: FollowOptions,
  signal: AbortSignal,
  onStanding: (client: ConsoleClient) => void,
): Promise<Outcome> {
  const connection = open();
  let answered = false;
  try {
    const hello = await inTime(connection.client.hello());
    answered = true;
    onStanding(connection.client);
    sink.hello(hello);
    while (!signal.aborted) {
      sink.frame(await inTime(connection.client.live.frame({ cursor: sink.cursor() })));
      await (pace === 'drawn' ? drawn() : aSecond());
    }
    return { answered, reason: 'stopped' };
  } catch (error) {
    return { answered, reason: connection.farewell() ?? messageOf(error) };
  } finally {
    connection.close();
  }
}

/** Rejects when the call takes too long: a half-open connection never says that it is gone. */
export function inTime<T>(call: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = (): void => reject(new Error('the server did not answer in time'));
    const timer = setTimeout(late, answerTimeoutMs);
    void call.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function aSecond(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, pauseMs);
  });
}

/** Settles after the next paint, or, while the page is hidden, after a second or when it is shown again. */
function drawn(): Promise<void> {
  return new Promise((resolve) => {
    // The timer also serves an occluded window, which counts as visible but paints nothing.
    const timer = setTimeout(finish, pauseMs);
    const painted = document.hidden ? undefined : requestAnimationFrame(finish);
    document.addEventListener('visibilitychange', finish);
    function finish(): void {
      clearTimeout(timer);
      if (painted !== undefined) cancelAnimationFrame(painted);
      document.removeEventListener('visibilitychange', finish);
      resolve();
    }
  });
}
