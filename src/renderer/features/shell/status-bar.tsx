import { formatBytes, formatCount } from '#shared/units.ts';
import { useLive } from '../../state/live-context.ts';
import { useSignal } from '../../state/signal.ts';
import styles from './status-bar.module.css';

/** The console about itself: how current it is, what it missed, what it costs. */
export function StatusBar() {
  const { store } = useLive();
  useSignal(store.changed.requests);
  useSignal(store.connectionChanged);
  const { rate, requests, currentHello: hello } = store;
  const { usedBytes, limitBytes } = store.footprint;
  return (
    <footer className={styles['bar']} data-testid="status-bar">
      <span title="Frames that arrive, of ten that the server offers each second">
        {rate.perSecond.toFixed(0)} frames/s
      </span>
      <Loss
        label="late frames"
        count={rate.late}
        title="Frames that came more than half a second after the last"
      />
      <Loss
        label="missed requests"
        count={requests.missed}
        title="Finished requests that the server no longer had when this console asked"
      />
      <span
        data-testid="console-memory"
        data-used-bytes={usedBytes}
        data-limit-bytes={limitBytes}
        title="What this console's stores use, and the most that they ever will: ten minutes of history and the newest 50,000 requests"
      >
        console {formatBytes(usedBytes)} / {formatBytes(limitBytes)}
      </span>
      {hello && (
        <>
          <span className={styles['store']} title="Where objects live">
            {hello.store}
          </span>
          <span title={`process ${hello.pid}`}>
            {hello.host} · Node {hello.runtime.node}
            {hello.runtime.electron !== undefined && ` · Electron ${hello.runtime.electron}`}
          </span>
          <span>v{hello.version}</span>
        </>
      )}
    </footer>
  );
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
      {label} {formatCount(count)}
    </span>
  );
}
