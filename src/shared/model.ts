/**
 * What the console shows, as readonly records. The schemas are the definition; the types follow from them, so the
 * contract validates exactly what the views use. Times are milliseconds since the epoch unless a name says `age`.
 */
import { z } from 'zod';
import { chunkStates, diagnoses, ledgerStates, poolStates, roles } from './vocabulary/live.ts';
import { engineSchema } from './engine-model.ts';
import { requestSchema } from './request-model.ts';
import { tiers } from './vocabulary/requests.ts';

const bytes = z.number().int().nonnegative();

const slotSchema = z.object({
  /** First byte in the object, and how many this slot carries. */
  start: bytes,
  bytes,
  state: z.enum(chunkStates),
  tier: z.enum(tiers).optional(),
  filledBytes: bytes,
  sentBytes: bytes,
  attempt: z.number().int().nonnegative(),
  ageMs: z.number().nonnegative(),
});
export type Slot = Readonly<z.infer<typeof slotSchema>>;

const laneSchema = z.object({
  id: z.number().int(),
  object: z.string(),
  client: z.string(),
  /** Where it was asked for, without the query; absent when too long to show. */
  path: z.string().optional(),
  /** The entity tag that it was answered with, quotes included. */
  etag: z.string().optional(),
  /** Bytes this transfer delivers in all, and has delivered to the socket. */
  totalBytes: bytes,
  sentBytes: bytes,
  /** The object's length, and where the transfer's present range starts and ends in it. */
  objectBytes: bytes,
  rangeStart: bytes,
  rangeEnd: bytes,
  /** The next byte that will be handed to the socket. */
  position: bytes,
  /** Chunks that may be in memory or on their way now, and the most that ever may. */
  window: z.number().int(),
  windowLimit: z.number().int(),
  heldBytes: bytes,
  inBytesPerSecond: z.number(),
  outBytesPerSecond: z.number(),
  /** What the client takes while there is something to take. */
  drainBytesPerSecond: z.number(),
  /** How long its socket has had bytes and taken none. */
  blockedMs: z.number().nonnegative(),
  /** The share of its life in which the client would have taken bytes and there were none. */
  starvedShare: z.number().min(0).max(1),
  /** Straight from slabs, or through a small buffer of its own. */
  mode: z.enum(['zero-copy', 'bounce']),
  /** It waits for a slab. */
  isWaitingForMemory: z.boolean(),
  startedAt: z.number(),
  diagnosis: z.enum(diagnoses),
  /** Tokens in use, in byte order; the first is the head. */
  slots: z.array(slotSchema),
});
export type Lane = Readonly<z.infer<typeof laneSchema>>;

const memorySchema = z.object({
  budgetBytes: bytes,
  /** Everything the ledger counts: never more than the budget. */
  ledgerBytes: bytes,
  peakBytes: bytes,
  peakAt: z.number(),
  byState: z.record(z.enum(ledgerStates), bytes),
  pool: z.record(z.enum(poolStates), bytes),
  /** From the runtime; absent where it does not report (never shown as 0). */
  rssBytes: bytes.optional(),
  heapUsedBytes: bytes.optional(),
  heapTotalBytes: bytes.optional(),
  /** Outside V8's heap, without the ledger's. */
  externalBytes: bytes.optional(),
  /** What the process may use before the system refuses or kills it, and what says so. */
  limitBytes: bytes.optional(),
  limitSource: z.enum(['cgroup', 'machine']).optional(),
  /** Pauses for the collection of garbage since the process started: a console draws the differences. */
  gc: z.object({ count: z.number().int().nonnegative(), totalMs: z.number().nonnegative() }).optional(),
  /** Transfers in progress, the most that may be, and how many wait for admission or for a chunk. */
  transfers: z.number().int(),
  maxTransfers: z.number().int(),
  waiting: z.number().int(),
  /** Since when the ledger has never passed the budget. */
  withinBudgetSince: z.number(),
});
export type Memory = Readonly<z.infer<typeof memorySchema>>;

export const frameSchema = z.object({
  at: z.number(),
  memory: memorySchema,
  engine: engineSchema,
  lanes: z.array(laneSchema),
  /** Transfers in progress that did not fit into `lanes`. */
  lanesHidden: z.number().int(),
  /** Requests finished since the cursor, oldest first. */
  requests: z.array(requestSchema),
  /** Pass it with the next call. */
  cursor: z.number().int(),
  /** Requests finished since the cursor that are no longer kept: the console says so. */
  missed: z.number().int(),
  totals: z.object({ requests: z.number().int(), sentBytes: bytes, storeBytes: bytes }),
});
export type Frame = Readonly<z.infer<typeof frameSchema>>;

export const helloSchema = z.object({
  name: z.literal('sluice'),
  version: z.string(),
  /** What whoever asked may do; the console hides what would be refused. */
  role: z.enum(roles),
  host: z.enum(['desktop', 'headless']),
  url: z.string(),
  store: z.string(),
  startedAt: z.number(),
  pid: z.number().int(),
  runtime: z.object({ node: z.string(), electron: z.string().optional() }),
  chunkBytes: bytes,
  window: z.number().int(),
  memoryCacheBytes: bytes,
  diskCacheBytes: bytes,
  /** A command to try, when there is something to fetch. */
  tryIt: z.string().optional(),
  /** The file that this server was started to show: `opened.read` has it. Operators only. */
  opens: z.object({ name: z.string(), bytes }).optional(),
});
export type Hello = Readonly<z.infer<typeof helloSchema>>;
