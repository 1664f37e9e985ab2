import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { ArrowDownToLine, Pin, PinOff, ShieldCheck, Trash2 } from 'lucide-react';
import type { CachedObject, CachedObjectDetail, CacheList } from '#shared/cache-model.ts';
import { parseBytes, formatBytes, formatCount } from '#shared/units.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Canvas } from '../../ui/canvas.tsx';
import { formatAge, formatDateTime, formatShare } from '../../ui/format.ts';
import { closePath } from '../../ui/icons.tsx';
import { Modal } from '../../ui/modal.tsx';
import { splitObject } from '../live/object-name.tsx';
import { useLive } from '../../state/live-context.ts';
import shared from '../repositories/details.module.css';
import { useCache } from './actions.ts';
import { JobRow } from './job-row.tsx';
import { mapHeight, mapPainter } from './residency-map.ts';
import { isOver, runsWords } from './words.ts';
import styles from './details.module.css';

interface DetailsProps {
  readonly row: CachedObject;
  readonly list: CacheList;
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
    <aside className={shared['details']} aria-labelledby="cached-title" data-testid="cache-details">
      <header className={shared['head']}>
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
      <div className={shared['body']}>
        {mayChange && <Operations row={row} list={list} />}
        <Residency row={row} list={list} detail={detail} />
        <Facts row={row} list={list} detail={detail} />
        <section>
          <h3>Jobs</h3>
          {jobs.length === 0 && <p className={shared['quiet']}>None since the server started.</p>}
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

/** The four operations. Only what takes something away asks first. */
function Operations({ row, list }: DetailsProps) {
  const { actions } = useCache();
  const [asking, setAsking] = useState<'evict' | 'range'>();
  const isUnderWay = (kind: 'prefetch' | 'verify'): boolean =>
    list.jobs.some((job) => job.object === row.name && job.kind === kind && !isOver(job));
  const { name, isPinned } = row;
  const isCached = row.memoryBytes + row.diskBytes > 0;
  return (
    <section className={styles['operations']} aria-label="Operations">
      <Operation
        icon={isPinned ? <PinOff {...iconLook} /> : <Pin {...iconLook} />}
        hint={isPinned ? 'Lets it go when room is needed' : 'Keeps it on disk when room is needed'}
        onPress={() => (isPinned ? actions.unpin(name) : actions.pin(name))}
      >
        {isPinned ? 'Unpin' : 'Pin'}
      </Operation>
      <Operation
        icon={<ArrowDownToLine {...iconLook} />}
        hint="Brings what is missing, after all clients"
        isDisabled={isUnderWay('prefetch')}
        onPress={() => setAsking('range')}
      >
        Prefetch…
      </Operation>
      <Operation
        icon={<ShieldCheck {...iconLook} />}
        hint="Compares what is cached with its checksums"
        isDisabled={isUnderWay('verify') || !isCached}
        onPress={() => actions.verify(name)}
      >
        Verify
      </Operation>
      <Operation
        icon={<Trash2 {...iconLook} />}
        hint={isPinned ? 'It is pinned: unpin it first' : 'Forgets it in memory and on disk'}
        isDisabled={isPinned || !isCached}
        onPress={() => setAsking('evict')}
      >
        Evict…
      </Operation>
      {asking === 'evict' && <EvictDialog row={row} onClose={() => setAsking(undefined)} />}
      {asking === 'range' && <PrefetchDialog row={row} list={list} onClose={() => setAsking(undefined)} />}
    </section>
  );
}

const iconLook = { size: 13, strokeWidth: 1.75, 'aria-hidden': true } as const;

interface OperationProps {
  readonly icon: ReactNode;
  readonly hint: string;
  readonly isDisabled?: boolean;
  readonly onPress: () => void;
  readonly children: ReactNode;
}

function Operation({ icon, hint, isDisabled, onPress, children }: OperationProps) {
  return (
    <Button title={hint} isDisabled={isDisabled} onPress={onPress}>
      {icon}
      {children}
    </Button>
  );
}

interface DialogProps {
  readonly row: CachedObject;
  readonly onClose: () => void;
}

function EvictDialog({ row, onClose }: DialogProps) {
  const { actions } = useCache();
  return (
    <Modal
      title="Evict from the caches?"
      testId="evict-dialog"
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Keep</Button>
          <Button
            weight="grave"
            onPress={() => {
              onClose();
              actions.evict(row.name);
            }}
          >
            Evict
          </Button>
        </>
      }
    >
      <p className={styles['name']}>{row.name}</p>
      <p>
        {formatBytes(row.memoryBytes)} in memory and {formatBytes(row.diskBytes)} on disk are forgotten. The
        store keeps the object; whoever asks next has it brought again.
      </p>
      {row.readers > 0 && <p>It is being read: what its readers need now stays until they have it.</p>}
    </Modal>
  );
}

function PrefetchDialog({ row, list, onClose }: DialogProps & { readonly list: CacheList }) {
  const { actions } = useCache();
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const start = from.trim() === '' ? 0 : parseBytes(from);
  const end = to.trim() === '' ? row.bytes : parseBytes(to);
  const isRange = start !== undefined && end !== undefined && start < end && end <= row.bytes;
  const isWhole = start === 0 && end === row.bytes;
  const where = list.tiers.some(({ name }) => name === 'disk') ? 'to disk' : 'into memory';
  return (
    <Modal
      title={`Prefetch ${where}`}
      testId="prefetch-dialog"
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button
            weight="main"
            isDisabled={!isRange}
            onPress={() => {
              onClose();
              if (isRange) actions.prefetch(row.name, isWhole ? undefined : { start, end });
            }}
          >
            Prefetch
          </Button>
        </>
      }
    >
      <p className={styles['name']}>{row.name}</p>
      <div className={styles['range']}>
        <label>
          From
          <input value={from} placeholder="0" onChange={(event) => setFrom(event.target.value)} />
        </label>
        <label>
          to
          <input
            value={to}
            placeholder={`end, ${formatBytes(row.bytes)}`}
            onChange={(event) => setTo(event.target.value)}
          />
        </label>
      </div>
      <output className={styles['verdict']}>
        {isRange
          ? `${formatBytes(end - start)}, whole chunks of ${formatBytes(list.chunkBytes)}. Clients come first.`
          : `Bytes or sizes, as in 64MiB, within ${formatBytes(row.bytes)}.`}
      </output>
    </Modal>
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
    <div className={shared['fact']}>
      <dt className={styles['tier']} data-tier={tier}>
        {name}
      </dt>
      <dd className={styles['value']}>
        <span>{children}</span>
      </dd>
    </div>
  );
}
