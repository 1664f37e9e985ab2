/** What operators can do with an object. Only what takes something away, or can be given a range, asks first. */
import { type ReactNode, useState } from 'react';
import { ArrowDownToLine, Pin, PinOff, ShieldCheck, Trash2 } from 'lucide-react';
import type { CachedObject, CacheList } from '#shared/cache-model.ts';
import { formatBytes, parseBytes } from '#shared/units.ts';
import { Button } from '../../ui/button.tsx';
import { Question } from '../../ui/question.tsx';
import { useCache } from './actions.ts';
import { isOver } from './words.ts';
import styles from './details.module.css';

interface OperationsProps {
  readonly row: CachedObject;
  readonly list: CacheList;
}

export function Operations({ row, list }: OperationsProps) {
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
    <Question
      title="Evict from the caches?"
      testId="evict-dialog"
      onClose={onClose}
      no="Keep"
      yes="Evict"
      weight="grave"
      onYes={() => actions.evict(row.name)}
    >
      <p className={styles['name']}>{row.name}</p>
      <p>
        {formatBytes(row.memoryBytes)} in memory and {formatBytes(row.diskBytes)} on disk are forgotten. The
        store keeps the object; whoever asks next has it brought again.
      </p>
      {row.readers > 0 && <p>It is being read: what its readers need now stays until they have it.</p>}
    </Question>
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
    <Question
      title={`Prefetch ${where}`}
      testId="prefetch-dialog"
      onClose={onClose}
      no="Cancel"
      yes="Prefetch"
      weight="main"
      isDisabled={!isRange}
      onYes={() => {
        if (isRange) actions.prefetch(row.name, isWhole ? undefined : { start, end });
      }}
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
    </Question>
  );
}
