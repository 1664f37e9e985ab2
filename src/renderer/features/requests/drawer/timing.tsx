import type { RequestDetail } from '#shared/request-model.ts';
import { formatDuration, formatShare } from '#shared/units.ts';
import { timingParts } from './timing-parts.ts';
import styles from './drawer.module.css';

/** Where the time went: each part at its place in the whole. */
export function Timing({ detail }: { readonly detail: RequestDetail }) {
  const parts = timingParts(detail.timing);
  const total = Math.max(detail.timing.durationMs, 0.001);
  return (
    <div className={styles['body']}>
      <section>
        <h3>{formatDuration(detail.timing.durationMs)} in all</h3>
        <table className={styles['bars']} aria-label="Parts of the time">
          <tbody>
            {parts.map(({ name, what, startMs, ms }) => (
              <tr key={name} title={what}>
                <th scope="row">{name}</th>
                <td aria-hidden="true">
                  <i
                    style={{
                      left: `min(${(startMs / total) * 100}%, 100% - 2px)`,
                      width: `${(ms / total) * 100}%`,
                    }}
                  />
                </td>
                <td>{formatDuration(ms)}</td>
                <td>{formatShare(ms, total)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <ul className={styles['words']}>
          {parts.map(({ name, what }) => (
            <li key={name}>
              <b>{name}</b> {what}
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}
