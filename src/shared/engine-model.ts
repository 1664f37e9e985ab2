/**
 * What the engine tells about itself in a frame. Counters are since the start of the server and only grow; everything
 * else is the present instant. Every list has a bound, so that a frame does.
 */
import { z } from 'zod';

/** Fetches in a frame; the others are counted. */
export const maxFetches = 32;
/** Levels of concurrency whose goodput is told. */
export const maxLevels = 64;
/** Characters of a key; of a longer one the end is kept. */
export const maxKeyLength = 256;

const count = z.number().int().nonnegative();
const milliseconds = z.number().nonnegative();

/** Who fetches, the most urgent first: a small read, a client that waits, a window that has room. */
const fetchLanes = ['small', 'demand', 'ahead'] as const;

const slabsSchema = z.object({
  slabBytes: count,
  /** As many as there may be, and as there are by now; slabs are allocated when first needed, and then recycled. */
  total: count,
  allocated: count,
  /** Read from by sockets or the disk, and how many may be at a time. */
  pinned: count,
  pinLimit: count,
});

/** Of the last 256; absent until there are 20. */
const quantilesSchema = z.object({ p50: milliseconds, p95: milliseconds, p99: milliseconds });
export type QuantilesMs = Readonly<z.infer<typeof quantilesSchema>>;

const fetchSchema = z.object({
  key: z.string().max(maxKeyLength),
  /** Half-open, in the object. */
  start: count,
  end: count,
  lane: z.enum(fetchLanes),
  phase: z.enum(['queued', 'waiting', 'receiving', 'backing off']),
  attempt: count,
  /** The same is asked twice at present. */
  isHedged: z.boolean(),
  ageMs: milliseconds,
  receivedBytes: count,
});

const storeSchema = z.object({
  /** Requests that may be under way now, and the most that is tried; what the limit does at present. */
  limit: count,
  ceiling: z.number().nonnegative(),
  phase: z.enum(['slow start', 'steady', 'up', 'down', 'resting']),
  /** What each limit brought when it was measured last. */
  levels: z.array(z.object({ limit: count, bytesPerSecond: z.number().nonnegative() })).max(maxLevels),
  /** Requests under way, hedges included; fetches that have memory and wait for a permit. */
  active: count,
  waiting: z.record(z.enum(fetchLanes), count),
  fetches: z.array(fetchSchema).max(maxFetches),
  fetchesHidden: count,
  attempts: count,
  /** By the code of what had gone wrong. */
  retries: z.record(z.string(), count),
  retryQuotaLeft: z.number(),
  hedges: z.record(z.enum(['launched', 'won', 'lost', 'refused']), count),
  stalls: z.record(z.enum(['first byte', 'idle', 'slow', 'too long']), count),
  firstByteMs: quantilesSchema.optional(),
});

export const engineSchema = z.object({
  slabs: z.record(z.enum(['chunks', 'small']), slabsSchema),
  store: storeSchema,
  /** Reads that shared the fetch of another, and what that spared the store. */
  coalesced: z.object({ reads: count, bytes: count }),
  /** Chunks whose slab was taken, by what they were. */
  evictions: z.record(z.enum(['cached', 'ahead', 'current', 'filling']), count),
  /** Bytes from the store: brought again after an eviction, and let go unread, by cause. */
  againBytes: count,
  unreadBytes: z.record(z.enum(['evicted', 'aborted', 'failed']), count),
  /** Objects that were compared with the checksum that their store keeps. */
  verified: z.record(z.enum(['right', 'wrong']), count),
  /** Revisions that went away while they were read, and transfers that broke off for it. */
  gone: z.object({ revisions: count, transfers: count }),
  /** Requests refused at the door; clients given up because they took nothing for too long. */
  refused: count,
  idleClients: count,
  /** From wanting a slab to having it: for a client that waits, and for a window. */
  slabWaitMs: z.object({ demand: quantilesSchema.optional(), ahead: quantilesSchema.optional() }),
  /** From opening a transfer until its client has taken the first bytes. */
  clientFirstByteMs: quantilesSchema.optional(),
  /** How late the event loop was in the last seconds. */
  loopDelayMs: z.object({ p50: milliseconds, p99: milliseconds, max: milliseconds }).optional(),
  /** Pages that all TCP sockets of the machine hold; absent where the system does not say. */
  kernelTcpPages: count.optional(),
  /** Jain's index of what the transfers get whose client is not the bound. */
  fairness: z.number().min(0).max(1.000001),
  /** The runtime's array buffers beyond the ledger; absent under Electron, which does not count them. */
  unaccountedBytes: z.number().optional(),
});
export type EngineReading = Readonly<z.infer<typeof engineSchema>>;
