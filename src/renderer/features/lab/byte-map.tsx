import type { ByteRange } from '#shared/range.ts';
import { formatBytes } from '#shared/units.ts';
import { cssShare } from '../../ui/css-share.ts';
import { rangeWords } from './words.ts';
import styles from './byte-map.module.css';

interface ByteMapProps {
  /** Bytes of the object. */
  readonly length: number;
  readonly asked: readonly ByteRange[];
  /** Absent beforehand: then it is what is expected. */
  readonly served?: readonly ByteRange[] | undefined;
  readonly expected?: readonly ByteRange[] | undefined;
}

/**
 * The object from its first byte to its last, and in it what was asked for, hollow, and what came, solid. Exact numbers
 * stand beside it: a span is never drawn smaller than two pixels.
 */
export function ByteMap({ length, asked, served, expected }: ByteMapProps) {
  const rows = [
    { name: 'Asked', ranges: asked, kind: 'asked' },
    served
      ? { name: 'Came', ranges: served, kind: 'served' }
      : { name: 'Expected', ranges: expected ?? [], kind: 'expected' },
  ];
  return (
    <div className={styles['map']} data-testid="byte-map">
      {rows.map(({ name, ranges, kind }) => {
        const words =
          ranges.length === 0 ? 'nothing of the object' : `bytes ${ranges.map(rangeWords).join(', ')}`;
        return (
          <div key={name} className={styles['row']}>
            <span>{name}</span>
            <div className={styles['track']} aria-hidden="true">
              {ranges.map((range, index) => (
                <i
                  // oxlint-disable-next-line react/no-array-index-key -- the same range may be asked for twice
                  key={index}
                  data-kind={kind}
                  style={{
                    left: `min(${share(range.start, length)}, 100% - 2px)`,
                    width: share(range.end - range.start, length),
                  }}
                />
              ))}
            </div>
            <span className={styles['words']} title={words}>
              {words}
            </span>
          </div>
        );
      })}
      <p className={styles['scale']}>
        <span />
        <span>
          <i>0</i>
          <i>{formatBytes(length)}</i>
        </span>
      </p>
    </div>
  );
}

function share(part: number, whole: number): string {
  return cssShare(whole === 0 ? 0 : part / whole);
}
