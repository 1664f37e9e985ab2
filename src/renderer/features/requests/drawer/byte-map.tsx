import type { ByteRange } from '#shared/range.ts';
import type { TierSpan } from '#shared/request-model.ts';
import { formatBytes } from '#shared/units.ts';
import { tierLetter } from '../words.ts';
import styles from './byte-map.module.css';

interface ByteMapProps {
  /** Of the object. */
  readonly length: number;
  readonly asked: readonly ByteRange[];
  readonly resolved: readonly ByteRange[];
  readonly served: readonly ByteRange[];
  /** Which level each part of what was served came from. */
  readonly tiers: readonly TierSpan[];
}

/** The whole object as a line, three times: what was asked, what that comes to, what was served and from where. */
export function ByteMap({ length, asked, resolved, served, tiers }: ByteMapProps) {
  if (length === 0) return <p>It is empty: no range lies in it.</p>;
  const segments: readonly (ByteRange & { readonly tier?: TierSpan['tier'] })[] =
    tiers.length > 0 ? tiers : served;
  return (
    <div className={styles['map']}>
      <Line name="asked" length={length} segments={asked} />
      <Line name="resolved" length={length} segments={resolved} />
      <Line name="served" length={length} segments={segments} />
      <p aria-hidden="true">
        <span>0</span>
        <span>{formatBytes(length)}</span>
      </p>
      {tiers.length > 0 && (
        <p className={styles['key']}>
          {(['memory', 'disk', 'store'] as const).map((tier) => (
            <span key={tier}>
              <i data-tier={tier} aria-hidden="true" />
              {tierLetter(tier)} {tier} {formatBytes(bytesFrom(tiers, tier))}
            </span>
          ))}
        </p>
      )}
    </div>
  );
}

interface LineProps {
  readonly name: string;
  readonly length: number;
  readonly segments: readonly (ByteRange & { readonly tier?: TierSpan['tier'] })[];
}

/** Segments narrower than this share of the line have no letter: there is no room for one. */
const lettered = 0.04;

function Line({ name, length, segments }: LineProps) {
  const share = (bytes: number): string => `${(bytes / length) * 100}%`;
  const words = segments.map(
    ({ start, end, tier }) => `${start} to ${end - 1}${tier === undefined ? '' : ` from ${tier}`}`,
  );
  return (
    <div className={styles['line']}>
      <span>{name}</span>
      {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- drawn with elements; the words are in the table below */}
      <div role="img" aria-label={`${name}: ${words.join(', ') || 'nothing'}`}>
        {segments.map(({ start, end, tier }) => (
          <i
            key={`${start} ${end}`}
            data-tier={tier}
            title={`${formatBytes(end - start)} at ${start}${tier === undefined ? '' : `, from ${tier}`}`}
            style={{ left: `min(${share(start)}, 100% - 2px)`, width: share(end - start) }}
          >
            {(end - start) / length >= lettered && tierLetter(tier)}
          </i>
        ))}
      </div>
    </div>
  );
}

function bytesFrom(spans: readonly TierSpan[], tier: TierSpan['tier']): number {
  return spans.reduce((sum, span) => sum + (span.tier === tier ? span.end - span.start : 0), 0);
}
