import { formatShare } from '#shared/units.ts';
import { cssShare } from '../../../ui/css-share.ts';
import type { StoredRequest } from '../../../state/request-store.ts';
import { tierLetter } from '../words.ts';
import styles from './range-bar.module.css';

/** Where in the object the served bytes lie, part by part; each is at least 2 px wide. */
export function RangeBar({ request: { shares, tier } }: { readonly request: StoredRequest }) {
  if (shares.length === 0) return <span className="visually-hidden">none</span>;
  const text = shares
    .map(([start, length]) => `${formatShare(start, 1)} to ${formatShare(start + length, 1)}`)
    .join(', ');
  return (
    <span className={styles['bar']} title={`${text}${tier === undefined ? '' : `, from ${tier}`}`}>
      <span className="visually-hidden">{text}</span>
      <span className={styles['track']} aria-hidden="true">
        {shares.map(([start, length], index) => (
          <i
            // oxlint-disable-next-line react/no-array-index-key -- rows share their elements
            key={index}
            data-tier={tier}
            style={{ left: `min(${cssShare(start)}, 100% - 2px)`, width: cssShare(length) }}
          />
        ))}
      </span>
      <b aria-hidden="true">{tierLetter(tier)}</b>
    </span>
  );
}
