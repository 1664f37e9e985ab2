/** What the Cache view says, as text, and what it shows of what there is. */
import type {
  CachedObject,
  CacheHistory,
  CacheJob,
  CacheJobKind,
  CacheTierFigures,
} from '#shared/cache-model.ts';
import type { CacheTierName, EvictionReason } from '#shared/vocabulary/cache.ts';
import { evictionReasons } from '#shared/vocabulary/cache.ts';
import { formatBytes, formatShare } from '#shared/units.ts';
import { type Order, parseOrder } from '../../ui/order.ts';

const reasons: Readonly<Record<EvictionReason, string>> = {
  share: 'the memory cache was full: used longest ago',
  needed: 'its memory was needed: nobody wanted it',
  ahead: 'its memory was needed: read ahead for a slow client',
  current: 'its memory was needed: its client was stuck',
  filling: 'given up on its way: others needed memory sooner',
  full: 'the disk cache was full: used longest ago',
  faulty: 'it failed its checksum',
  replaced: 'the object was replaced',
  deleted: 'the object was deleted',
  invalidated: 'the object was invalidated',
  wrong: 'the object did not have its store’s checksum',
  operator: 'an operator evicted the object',
};

export function reasonWords(reason: EvictionReason): string {
  return reasons[reason];
}

/** Something is wrong, not only full. */
export function isAlarming(reason: EvictionReason): boolean {
  return reason === 'faulty' || reason === 'wrong';
}

export function isReason(value: string | undefined): value is EvictionReason {
  return evictionReasons.some((reason) => reason === value);
}

const tierTitles: Readonly<Record<CacheTierName, string>> = { memory: 'Memory', disk: 'Disk' };

export function tierTitle(tier: CacheTierName): string {
  return tierTitles[tier];
}

const jobTitles: Readonly<Record<CacheJobKind, string>> = { prefetch: 'Prefetch', verify: 'Verify' };

export function jobTitle(kind: CacheJobKind): string {
  return jobTitles[kind];
}

export function isOver({ endedAt }: CacheJob): boolean {
  return endedAt !== undefined;
}

/** What a job does, or what became of it. */
export function jobStatus({ outcome, phase }: CacheJob): string {
  return outcome ?? phase;
}

/** How far it is, from 0 to 1; `undefined` when nobody knows. */
export function jobShare({ doneBytes, totalBytes }: CacheJob): number | undefined {
  return totalBytes > 0 ? Math.min(1, doneBytes / totalBytes) : undefined;
}

/** Milliseconds until a job will have ended, by its present rate; `undefined` when nobody can know. */
export function remainingMs({ doneBytes, totalBytes, bytesPerSecond = 0 }: CacheJob): number | undefined {
  if (totalBytes === 0 || bytesPerSecond <= 0) return undefined;
  return (Math.max(0, totalBytes - doneBytes) / bytesPerSecond) * 1000;
}

/** `87 %`, or a dash while nobody has asked for anything. */
export function ratioWords(hits: number, misses: number): string {
  return hits + misses === 0 ? '–' : formatShare(hits, hits + misses);
}

export function fillWords({ bytes, limitBytes }: CacheTierFigures): string {
  return `${formatBytes(bytes)} of ${formatBytes(limitBytes)}`;
}

/** `memory 33 % · disk 100 %`. */
export function residencyWords({ bytes, memoryBytes, diskBytes }: CachedObject): string {
  const share = (part: number): string =>
    part > 0 && part < bytes / 100 ? '< 1 %' : formatShare(Math.min(part, bytes), bytes);
  return `memory ${share(memoryBytes)} · disk ${share(diskBytes)}`;
}

/** `0–3, 8, 12–31`, and how many more pieces there are. */
export function runsWords(runs: readonly (readonly [number, number])[], most = 12): string {
  if (runs.length === 0) return 'none';
  const shown = runs
    .slice(0, most)
    .map(([start, end]) => (end - start === 1 ? `${start}` : `${start}–${end - 1}`));
  const rest = runs.length - shown.length;
  return shown.join(', ') + (rest > 0 ? `, and ${rest} more pieces` : '');
}

export const places = ['all', 'memory', 'disk', 'pinned'] as const;
export type PlaceFilter = (typeof places)[number];

const sorts = ['name', 'bytes', 'memory', 'disk', 'readers', 'used'] as const;
type SortName = (typeof sorts)[number];

/** Those used last first, unless the address asks for something else. */
export function parseSort(text: string | undefined): Order<SortName> {
  return parseOrder(text, sorts, { column: 'used', direction: -1 });
}

const keys: Readonly<Record<Exclude<SortName, 'name'>, (row: CachedObject) => number>> = {
  bytes: ({ bytes }) => bytes,
  memory: ({ memoryBytes }) => memoryBytes,
  disk: ({ diskBytes }) => diskBytes,
  readers: ({ readers }) => readers,
  used: ({ usedAt }) => usedAt,
};

export function sorted(
  rows: readonly CachedObject[],
  { column, direction }: Order<SortName>,
): readonly CachedObject[] {
  const compare = (a: CachedObject, b: CachedObject): number =>
    column === 'name' ? a.name.localeCompare(b.name) : keys[column](a) - keys[column](b);
  return rows.toSorted((a, b) => direction * compare(a, b) || a.name.localeCompare(b.name));
}

export interface ObjectFilter {
  readonly search: string;
  readonly place: PlaceFilter;
}

export function filtered(
  rows: readonly CachedObject[],
  { search, place }: ObjectFilter,
): readonly CachedObject[] {
  const needle = search.trim().toLowerCase();
  const isThere = (row: CachedObject): boolean =>
    place === 'all' ||
    (place === 'memory' && row.memoryBytes > 0) ||
    (place === 'disk' && row.diskBytes > 0) ||
    (place === 'pinned' && row.isPinned);
  return rows.filter((row) => isThere(row) && row.name.toLowerCase().includes(needle));
}

/** The share of hits in each bucket; `null` where nobody asked or nothing was measured. */
export function ratiosOf({ hits, misses }: CacheHistory['tiers'][number]): (number | null)[] {
  return hits.map((hit, index) => {
    const asked = hit === null ? 0 : hit + (misses[index] ?? 0);
    return hit === null || asked === 0 ? null : hit / asked;
  });
}
