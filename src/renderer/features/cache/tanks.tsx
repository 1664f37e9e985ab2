import type { CacheList, CacheTierFigures } from '#shared/cache-model.ts';
import { formatBytes, formatCount, formatShare } from '#shared/units.ts';
import { cssShare } from '../../ui/css-share.ts';
import { fillWords, ratioWords, tierTitle } from './words.ts';
import styles from './tanks.module.css';

/** The levels side by side, as vessels: the rim is the limit. The store has none. */
export function Tanks({ list }: { readonly list: CacheList }) {
  return (
    <>
      {list.tiers.map((tier) => (
        <Tank key={tier.name} tier={tier} />
      ))}
      {list.tiers.length === 1 && <NoDisk />}
      <Store list={list} />
    </>
  );
}

function Tank({ tier }: { readonly tier: CacheTierFigures }) {
  const { name, bytes, limitBytes, pinnedBytes, hits, misses, objects, chunks, evictions, faults } = tier;
  const title = tierTitle(name);
  const share = (part: number): string => cssShare(part / Math.max(1, limitBytes));
  return (
    <section className={styles['tank']} aria-label={title} data-testid={`tank-${name}`}>
      <span className={styles['vessel']} data-tier={name} aria-hidden="true">
        <i style={{ height: share(bytes) }} />
        {pinnedBytes > 0 && <b style={{ height: share(pinnedBytes) }} />}
      </span>
      <div>
        <h2>{title}</h2>
        <p className={styles['headline']} title={fillWords(tier)}>
          <strong>{formatBytes(bytes)}</strong> / {formatBytes(limitBytes)}
          <span>{formatShare(bytes, limitBytes)}</span>
        </p>
        <dl className={styles['figures']}>
          <Figure name="hits" value={formatCount(hits)} />
          <Figure name="misses" value={formatCount(misses)} />
          <Figure name="hit ratio" value={ratioWords(hits, misses)} />
          <Figure name="evicted" value={formatCount(evictions)} />
          <Figure name="objects" value={formatCount(objects)} />
          <Figure name="chunks" value={formatCount(chunks)} />
          <Figure name="pinned" value={formatBytes(pinnedBytes)} />
          {name === 'disk' && <Figure name="faults" value={formatCount(faults)} isBad={faults > 0} />}
        </dl>
      </div>
    </section>
  );
}

function NoDisk() {
  return (
    <section className={styles['tank']} aria-label="Disk" data-testid="tank-disk">
      <span className={styles['vessel']} data-tier="none" aria-hidden="true" />
      <div>
        <h2>Disk</h2>
        <p className={styles['headline']}>turned off</p>
        <p className={styles['quiet']}>
          <code>--disk-cache</code> gives it a size.
        </p>
      </div>
    </section>
  );
}

function Store({ list }: { readonly list: CacheList }) {
  const { description, fetchedBytes } = list.store;
  return (
    <section className={styles['tank']} aria-label="Store" data-testid="tank-store">
      <span className={styles['vessel']} data-tier="store" aria-hidden="true" />
      <div>
        <h2>Store</h2>
        <p className={styles['headline']}>
          <strong>{formatBytes(fetchedBytes)}</strong> read
        </p>
        <p className={styles['quiet']} title={description}>
          {description}
        </p>
        <p className={styles['quiet']}>Has everything; nothing is evicted from it.</p>
      </div>
    </section>
  );
}

interface FigureProps {
  readonly name: string;
  readonly value: string;
  readonly isBad?: boolean;
}

function Figure({ name, value, isBad = false }: FigureProps) {
  return (
    <div data-bad={isBad}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
