/** The words of the caches' records, and what their history is measured in. */

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
