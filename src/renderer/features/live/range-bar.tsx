import type { StoredRequest } from '../../state/request-store.ts';
import styles from './range-bar.module.css';

/** Where in the object the served bytes lie; each span is at least 2 px wide. */
export function RangeBar({ request: { spans, tier } }: { readonly request: StoredRequest }) {
  if (spans.length === 0) return <span className="visually-hidden">none</span>;
  const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;
  const text = spans.map(([start, length]) => `${percent(start)} to ${percent(start + length)}`).join(', ');
  return (
    <span className={styles['track']} title={text}>
      <span className="visually-hidden">{text}</span>
      {spans.map(([start, length]) => (
        <i
          key={start}
          data-tier={tier}
          style={{ left: percent(Math.min(start, 0.98)), width: percent(length) }}
        />
      ))}
    </span>
  );
}
