/** The caches as the console shows them: levels, objects, what left them and why, and what operators have running. */
import { z } from 'zod';
import { cacheTiers, evictionReasons } from './vocabulary/cache.ts';

const bytes = z.number().int().nonnegative();
const count = z.number().int().nonnegative();

const evictionSchema = z.object({
  /** Counts up by one. */
  number: count,
  at: z.number(),
  /** The object's name; its place on disk when nobody has asked for it since the server started. */
  object: z.string(),
  tier: z.enum(cacheTiers),
  reason: z.enum(evictionReasons),
  /** Where the chunk began in the object; absent when the whole object went. */
  start: bytes.optional(),
  chunks: count,
  bytes,
});
export type EvictionRow = Readonly<z.infer<typeof evictionSchema>>;

export const evictionsSchema = z.object({
  /** Since the server started. */
  total: count,
  /** Of those that are kept, how many match what was asked for. */
  matching: count,
  kept: count,
  rows: z.array(evictionSchema),
});
export type Evictions = Readonly<z.infer<typeof evictionsSchema>>;

const tierSchema = z.object({
  name: z.enum(cacheTiers),
  limitBytes: bytes,
  bytes,
  pinnedBytes: bytes,
  objects: count,
  chunks: count,
  hits: count,
  misses: count,
  fills: count,
  evictions: count,
  faults: count,
});
export type CacheTierFigures = Readonly<z.infer<typeof tierSchema>>;

const cachedObjectSchema = z.object({
  name: z.string(),
  /** The store's validator of the revision. */
  pin: z.string(),
  bytes,
  memoryBytes: bytes,
  diskBytes: bytes,
  memory: z.string(),
  disk: z.string(),
  readers: count,
  usedAt: z.number(),
  isPinned: z.boolean(),
});
export type CachedObject = Readonly<z.infer<typeof cachedObjectSchema>>;

const jobKinds = ['prefetch', 'verify'] as const;
export type CacheJobKind = (typeof jobKinds)[number];

export const cacheJobSchema = z.object({
  id: z.number().int(),
  kind: z.enum(jobKinds),
  object: z.string(),
  state: z.enum(['queued', 'running', 'done', 'failed', 'cancelled']),
  /** What it does now, in words. */
  phase: z.string(),
  doneBytes: bytes,
  totalBytes: bytes,
  bytesPerSecond: z.number().nonnegative().optional(),
  startedAt: z.number(),
  endedAt: z.number().optional(),
  /** What came of it, or why it failed: a sentence for people. */
  outcome: z.string().optional(),
});
export type CacheJob = Readonly<z.infer<typeof cacheJobSchema>>;

export const cacheListSchema = z.object({
  at: z.number(),
  chunkBytes: bytes,
  /** Fastest first. */
  tiers: z.array(tierSchema),
  store: z.object({ description: z.string(), fetchedBytes: bytes }),
  /** What pinned objects may come to in all, and come to now, by their whole length. */
  pins: z.object({ limitBytes: bytes, bytes, count }),
  objects: z.array(cachedObjectSchema),
  /** Objects in the caches that did not fit into `objects`. */
  hidden: count,
  /** Kept on disk from before, under names that are not known any more. */
  unnamed: z.object({ objects: count, bytes }),
  /** The newest first; those that have ended are kept for a while. */
  jobs: z.array(cacheJobSchema),
});
export type CacheList = Readonly<z.infer<typeof cacheListSchema>>;

/** Half-open spans of chunk indexes. */
const runsSchema = z.array(z.tuple([count, count]));

export const cachedObjectDetailSchema = z.object({
  chunks: count,
  memory: runsSchema,
  disk: runsSchema,
  /** The positions of those who read it now. */
  readers: z.array(bytes),
  /** Whether the store is known to keep a checksum of the whole. */
  checksum: z.string().optional(),
});
export type CachedObjectDetail = Readonly<z.infer<typeof cachedObjectDetailSchema>>;

export const cacheHistorySchema = z.object({
  /** When the last bucket begins; the ones before follow without a gap, `null` where nothing was measured. */
  lastAt: z.number(),
  /** By level: hits, misses and evictions in each bucket. */
  tiers: z.array(
    z.object({
      name: z.enum(cacheTiers),
      hits: z.array(count.nullable()),
      misses: z.array(count.nullable()),
      evictions: z.array(count.nullable()),
    }),
  ),
});
export type CacheHistory = Readonly<z.infer<typeof cacheHistorySchema>>;
