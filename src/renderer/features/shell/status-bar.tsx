import { formatBytes, formatCount, formatRate } from '#shared/units.ts';
import { traffic } from '../../rpc/traffic.ts';
import { footprintLimitBytes, theFootprint } from '../../state/footprint.ts';
import { useLive } from '../../state/live-context.ts';
import { useSignal } from '../../state/signal.ts';
import styles from './status-bar.module.css';

/** The console about itself: how current it is, what it missed, what it costs. */
export function StatusBar() {
  const { store, player } = useLive();
  useSignal(store.changed.requests);
  useSignal(store.connectionChanged);
  const { rate, requests, currentHello: hello } = store;
  const { usedBytes } = theFootprint.total;
  return (
    <footer className={styles['bar']} data-testid="status-bar">
      <span title="Frames that arrive, of ten that the server offers each second">
        {formatCount(Math.round(rate.perSecond))} Hz
      </span>
      <span
        className={styles['rate']}
        data-testid="traffic"
        title="What this console is sent, by all servers together"
      >
        {formatRate(traffic.bytesPerSecond())}
      </span>
      <Loss label="late" count={rate.late} title="Frames that came more than half a second after the last" />
      <Loss
        label="missed"
        count={requests.missed}
        title="Finished requests that the server no longer had when this console asked"
      />
      <span
        data-testid="console-memory"
        data-used-bytes={usedBytes}
        data-limit-bytes={footprintLimitBytes}
        title={theFootprint.parts
          .map((part) => `${part.name}: ${formatBytes(part.usedBytes)} of ${formatBytes(part.limitBytes)}`)
          .join('\n')}
      >
        console {formatBytes(usedBytes)} / {formatBytes(footprintLimitBytes)}
      </span>
      {hello && (
        <>
          <span className={styles['store']} title="Where objects live">
            {hello.store}
          </span>
          {player ? (
            <span>recorded</span>
          ) : (
            <span title={`process ${hello.pid}`}>
              {hello.host} · Node {hello.runtime.node}
              {hello.runtime.electron !== undefined && ` · Electron ${hello.runtime.electron}`}
            </span>
          )}
          <span>v{hello.version}</span>
        </>
      )}
      <span title="The time zone of all times shown">{timeZone(store.currentFrame?.at ?? 0)}</span>
    </footer>
  );
}

/** `UTC+1`, `UTC-3:30`. */
function timeZone(at: number): string {
  const minutes = -new Date(at).getTimezoneOffset();
  const rest = Math.abs(minutes) % 60;
  const hours = Math.trunc(Math.abs(minutes) / 60);
  return `UTC${minutes < 0 ? '-' : '+'}${hours}${rest === 0 ? '' : `:${String(rest).padStart(2, '0')}`}`;
}

interface LossProps {
  readonly label: string;
  readonly count: number;
  readonly title: string;
}

function Loss({ label, count, title }: LossProps) {
  return (
    <span className={count > 0 ? styles['loss'] : undefined} title={title}>
      {count > 0 && '▲ '}
      {formatCount(count)} {label}
    </span>
  );
}
