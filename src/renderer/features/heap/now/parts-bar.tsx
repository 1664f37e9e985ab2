/** Bytes by why they are held: a bar in the colours of the states, and what the colours mean. */
import { formatBytes } from '#shared/units.ts';
import { cssShare } from '../../../ui/css-share.ts';
import { type GroupPart } from '#shared/profile/ledger-groups.ts';
import { stateMeanings } from './meanings.ts';
import styles from './parts-bar.module.css';

interface PartsBarProps {
  readonly parts: readonly GroupPart[];
  /** Bytes of the whole width. */
  readonly ofBytes: number;
}

/** Beside the numbers that it draws. */
export function PartsBar({ parts, ofBytes }: PartsBarProps) {
  return (
    <span className={styles['bar']} aria-hidden="true">
      {parts.map(({ state, bytes }) => (
        <i
          key={state}
          data-state={state}
          style={{ width: cssShare(bytes / Math.max(1, ofBytes)) }}
          title={`${state}: ${formatBytes(bytes)}`}
        />
      ))}
    </span>
  );
}

/** The states that there are now, with their bytes. */
export function PartsLegend({ parts }: Pick<PartsBarProps, 'parts'>) {
  return (
    <ul className={styles['legend']} aria-label="Bytes by state">
      {parts.map(({ state, bytes }) => (
        <li key={state} title={stateMeanings[state]}>
          <i data-state={state} aria-hidden="true" />
          {state} <b>{formatBytes(bytes)}</b>
        </li>
      ))}
    </ul>
  );
}
