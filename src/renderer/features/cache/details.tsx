import { type ReactNode, useEffect, useMemo, useRef } from 'react';
import type { CachedObject, CachedObjectDetail, CacheList } from '#shared/cache-model.ts';
import { formatAge, formatBytes, formatCount, formatDateTime, formatShare } from '#shared/units.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Canvas } from '../../ui/canvas.tsx';
import { closePath } from '../../ui/icons.tsx';
import { splitObject } from '#shared/object-name.ts';
import { useLive } from '../../state/live-context.ts';
import drawer from '../../ui/drawer.module.css';
import { useCache } from './actions.ts';
import { JobRow } from './job-row.tsx';
import { mapHeight, mapPainter } from './residency-map.ts';
import { Operations } from './operations.tsx';
import { runsWords } from './words.ts';
import styles from './details.module.css';

interface DetailsProps {
  readonly row: CachedObject;
  readonly list: CacheList;
}

/** What the address names is in no cache, or not among those that are listed. */
export function Gone({ name, isHidden }: { readonly name: string; readonly isHidden: boolean }) {
  const { actions, mayChange } = useCache();
  return (
    <aside className={drawer['drawer']} aria-labelledby="cached-title" data-testid="cache-gone">
      <header className={drawer['head']}>
        <div>
          <h2 id="cached-title" title={name}>
            {splitObject(name).main}
          </h2>
          <p>{isHidden ? 'not among the objects that are listed' : 'in no cache now'}</p>
        </div>
        <IconButton icon={closePath} name="Close (Esc)" onPress={() => actions.open(undefined)} />
      </header>
      <div className={drawer['body']}>
        <section className={styles['gone']}>
          <p>It appears here with the next request for it.</p>
          {mayChange && <Button onPress={() => actions.prefetch(name)}>Prefetch</Button>}
        </section>
      </div>
    </aside>
  );
}

/** One object: where each of its chunks is, who reads it, and what can be done with it. */
export function Details({ row, list }: DetailsProps) {
  const { actions, store, mayChange } = useCache();
  const { main, rest } = splitObject(row.name);
  const close = useRef<HTMLButtonElement>(null);
  // Whoever opened it with the keyboard goes on here; a mouse needs no focus.
  useEffect(() => {
    if (document.activeElement?.matches('[role="grid"]:focus-visible')) close.current?.focus();
  }, []);
  const jobs = list.jobs.filter(({ object }) => object === row.name);
  const detail = store.detailOf(row.name);
  return (
    <aside className={drawer['drawer']} aria-labelledby="cached-title" data-testid="cache-details">
      <header className={drawer['head']}>
        <div>
          <h2 id="cached-title" title={row.name}>
            {main}
          </h2>
          <p>
            {rest !== '' && `${rest.slice(1)} · `}
            {formatBytes(row.bytes)} · used {formatAge(list.at - row.usedAt)}
          </p>
        </div>
        <IconButton ref={close} icon={closePath} name="Close (Esc)" onPress={() => actions.open(undefined)} />
      </header>
      <div className={drawer['body']}>
        {mayChange && <Operations row={row} list={list} />}
        <Residency row={row} list={list} detail={detail} />
        <Facts row={row} list={list} detail={detail} />
        <section>
          <h3>Jobs</h3>
          {jobs.length === 0 && <p className={drawer['quiet']}>None since the server started.</p>}
          <ul>
            {jobs.slice(0, 20).map((job) => (
              <JobRow key={job.id} job={job} at={list.at} shows="kind" />
            ))}
          </ul>
        </section>
      </div>
    </aside>
  );
}

interface ResidencyProps extends DetailsProps {
  readonly detail: CachedObjectDetail | undefined;
}

const mapWidth = 396;

function Residency({ row, list, detail }: ResidencyProps) {
  const { loop } = useLive();
  const key = JSON.stringify(detail);
  // The painter changes with what it paints, not with each answer that says the same.
  // oxlint-disable-next-line react/exhaustive-deps -- the key stands for the details
  const paint = useMemo(() => detail && mapPainter(detail), [key]);
  useEffect(() => loop.invalidate(), [loop, paint]);
  const words = detail && {
    memory: runsWords(detail.memory),
    disk: runsWords(detail.disk),
  };
  return (
    <section>
      <h3>Where its chunks are</h3>
      {detail && paint && (
        <div className={styles['map']} style={{ height: mapHeight(detail.chunks, mapWidth) }}>
          <Canvas
            paint={paint}
            className={styles['canvas']}
            label={`${formatCount(detail.chunks)} chunks. In memory: ${words?.memory}. On disk: ${words?.disk}`}
            testId="residency-map"
          />
        </div>
      )}
      <dl>
        <Fact name="Memory" tier="memory">
          {formatBytes(row.memoryBytes)} · {formatShare(Math.min(row.memoryBytes, row.bytes), row.bytes)}
          <small>{words && `chunks ${words.memory}`}</small>
        </Fact>
        <Fact name="Disk" tier="disk">
          {formatBytes(row.diskBytes)} · {formatShare(Math.min(row.diskBytes, row.bytes), row.bytes)}
          <small>{words && `chunks ${words.disk}`}</small>
        </Fact>
        <Fact name="In all">
          {detail ? `${formatCount(detail.chunks)} chunks of ${formatBytes(list.chunkBytes)}` : '…'}
        </Fact>
      </dl>
    </section>
  );
}

function Facts({ row, list, detail }: ResidencyProps) {
  const readers = detail?.readers ?? [];
  return (
    <section>
      <h3>Object</h3>
      <dl>
        <Fact name="Name">{row.name}</Fact>
        <Fact name="Size">
          {formatBytes(row.bytes)} · {formatCount(row.bytes)} bytes
        </Fact>
        <Fact name="Revision">
          <code>{row.pin}</code>
        </Fact>
        <Fact name="Used">
          {formatDateTime(row.usedAt)} · {formatAge(list.at - row.usedAt)}
        </Fact>
        <Fact name="Readers">
          {readers.length === 0
            ? 'none now'
            : `${formatCount(readers.length)}, at ${readers
                .slice(0, 6)
                .map((position) => formatShare(position, row.bytes))
                .join(', ')}`}
        </Fact>
        <Fact name="Checksum">{detail?.checksum ?? 'of each block on disk; none of the whole is known'}</Fact>
        <Fact name="Pinned">
          {row.isPinned ? 'yes' : 'no'} · pins have {formatBytes(list.pins.bytes)} of{' '}
          {formatBytes(list.pins.limitBytes)}
        </Fact>
      </dl>
    </section>
  );
}

function Fact({
  name,
  tier,
  children,
}: {
  readonly name: string;
  readonly tier?: 'memory' | 'disk';
  readonly children: ReactNode;
}) {
  return (
    <div className={drawer['fact']}>
      <dt className={styles['tier']} data-tier={tier}>
        {name}
      </dt>
      <dd className={styles['value']}>
        <span>{children}</span>
      </dd>
    </div>
  );
}
