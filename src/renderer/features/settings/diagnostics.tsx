/** The console about itself, in full: the status bar has the short form. */
import { formatBytes, formatCount, formatRate, formatShare } from '#shared/units.ts';
import { traffic } from '../../rpc/traffic.ts';
import { footprintLimitBytes, theFootprint } from '../../state/footprint.ts';
import { useLive } from '../../state/live-context.ts';
import { useSignal } from '../../state/signal.ts';
import styles from './console-section.module.css';

export function Diagnostics() {
  const { store } = useLive();
  useSignal(store.changed.requests);
  useSignal(store.connectionChanged);
  const { rate, requests } = store;
  const facts = [
    ['Frames', `${formatCount(Math.round(rate.perSecond))} a second, of ten that the server offers`],
    ['Late frames', `${formatCount(rate.late)}, more than half a second after the last`],
    ['Received', formatRate(traffic.bytesPerSecond())],
    ['Missed requests', `${formatCount(requests.missed)} that the server no longer had`],
    ['Requests kept', formatCount(requests.size)],
  ] as const;
  return (
    <>
      <dl className={styles['facts']} data-testid="diagnostics">
        {facts.map(([name, words]) => (
          <div key={name} className={styles['row']}>
            <dt>{name}</dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
      <Memory />
    </>
  );
}

/** What each store of the console keeps, and the most that it ever will. */
function Memory() {
  const { usedBytes } = theFootprint.total;
  return (
    <table className={styles['memory']}>
      <caption>
        Memory of this console: {formatBytes(usedBytes)} of the {formatBytes(footprintLimitBytes)} that all of
        it may have
      </caption>
      <thead>
        <tr>
          <th scope="col">Store</th>
          <th scope="col">Used</th>
          <th scope="col">At most</th>
          <th scope="col">Full</th>
        </tr>
      </thead>
      <tbody>
        {theFootprint.parts.map((part) => (
          <tr key={part.name}>
            <th scope="row">{part.name}</th>
            <td>{formatBytes(part.usedBytes)}</td>
            <td>{formatBytes(part.limitBytes)}</td>
            <td>{formatShare(part.usedBytes, part.limitBytes)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
