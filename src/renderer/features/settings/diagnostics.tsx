/** The console about itself, in full: the status bar has the short form. */
import { formatBytes, formatCount } from '#shared/units.ts';
import { useLive } from '../../state/live-context.ts';
import { useSignal } from '../../state/signal.ts';
import styles from './console-section.module.css';

export function Diagnostics() {
  const { store } = useLive();
  useSignal(store.changed.requests);
  useSignal(store.connectionChanged);
  const { rate, requests, footprint } = store;
  const facts = [
    ['Frames', `${rate.perSecond.toFixed(0)} a second, of ten that the server offers`],
    ['Late frames', `${formatCount(rate.late)}, more than half a second after the last`],
    ['Missed requests', `${formatCount(requests.missed)} that the server no longer had`],
    ['Requests kept', formatCount(requests.size)],
    ['Memory', `${formatBytes(footprint.usedBytes)} of ${formatBytes(footprint.limitBytes)} that it may use`],
  ] as const;
  return (
    <dl className={styles['facts']} data-testid="diagnostics">
      {facts.map(([name, words]) => (
        <div key={name} className={styles['row']}>
          <dt>{name}</dt>
          <dd>{words}</dd>
        </div>
      ))}
    </dl>
  );
}
