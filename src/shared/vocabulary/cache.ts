/** The words of the caches' records, and how much of everything an answer has. */

/** The levels that lose things; the store is the one that does not. */
export const cacheTiers = ['memory', 'disk'] as const;
export type CacheTierName = (typeof cacheTiers)[number];

/**
 * Why a chunk left a level. Of memory: `share`, more than the memory cache may keep; `needed`, its slab was needed and
 * nobody wanted it; `ahead`, read ahead for a client that would have come to it late; `current`, of a client that was
 * stuck; `filling`, on its way for somebody who would need it late. Of the disk: `full`, `faulty`. Of both: the whole
 * object went, because it was `replaced`, `deleted`, `invalidated`, found `wrong`, or an `operator` said so.
 */
export const evictionReasons = [
  'share',
  'needed',
  'ahead',
  'current',
  'filling',
  'full',
  'faulty',
  'replaced',
  'deleted',
  'invalidated',
  'wrong',
  'operator',
] as const;
export type EvictionReason = (typeof evictionReasons)[number];

/** Why a whole object is forgotten. */
export type ForgetReason = Extract<
  EvictionReason,
  'replaced' | 'deleted' | 'invalidated' | 'wrong' | 'operator'
>;

/** One hour in buckets of ten seconds. */
export const historyBucketMs = 10_000;
export const historyBuckets = 360;

/** Evictions in one answer, the newest first; the others are counted. */
export const maxEvictionsShown = 500;

/** An object's residency in a row: each digit is a part of the object, 0 for nothing of it to 9 for all. */
export const residencyCells = 64;

/** Objects in one answer, those used last; the others are counted. */
export const maxObjectsShown = 1000;

/** Runs in one answer; the rest of an object that is in more pieces is not shown. */
export const maxRuns = 4000;
