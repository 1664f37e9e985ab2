import { useEffect, useState } from 'react';
import { formatDuration, formatTime } from '#shared/units.ts';
import { useLive } from '../../state/live-context.ts';
import { useSignal } from '../../state/signal.ts';
import styles from './connection-notice.module.css';

/** Says that what is shown is old, how old, and what happens next. Nothing while the line stands. */
export function ConnectionNotice() {
  const { store } = useLive();
  useSignal(store.connectionChanged);
  const { kind } = store.connection;
  if (kind === 'live' || (kind === 'connecting' && !store.hasBeenLost)) return null;
  return <Lost />;
}

function Lost() {
  const { store, follower } = useLive();
  useSignal(store.connectionChanged);
  const now = useClock();
  const { connection, currentFrame } = store;
  const attempt = connection.kind === 'lost' ? connection.attempt : 1;
  const waitMs = connection.kind === 'lost' ? Math.max(0, connection.retryAt - now) : 0;
  return (
    <output className={styles['notice']} data-testid="disconnected">
      <strong>{currentFrame ? 'Disconnected' : 'Sluice does not answer'}</strong>
      {currentFrame && (
        <span>
          Last data {formatTime(currentFrame.at)}
          <span aria-hidden="true">, {formatAge(now - currentFrame.at)} ago</span>
        </span>
      )}
      <span className={styles['quiet']} aria-hidden="true">
        {waitMs > 0 ? `Attempt ${attempt} in ${Math.ceil(waitMs / 1000)} s` : 'Trying again'}
      </span>
      <button type="button" onClick={follower.retryNow}>
        Try now
      </button>
    </output>
  );
}

/** Whole seconds: it is read while it counts. */
function formatAge(ageMs: number): string {
  const seconds = Math.max(0, Math.floor(ageMs / 1000));
  return seconds < 60 ? `${seconds} s` : formatDuration(seconds * 1000);
}

/** The time, often enough for a countdown of seconds. */
function useClock(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, []);
  return now;
}
