/**
 * Requests as the console, the command line and exports see them: a short row for each, and what is known beyond it
 * of the newest. Times are milliseconds since the epoch unless a name says otherwise; byte positions are of the object.
 */
import { z } from 'zod';
import { failedConditions, ifRangeVerdicts, rangeKinds, tiers } from './vocabulary/requests.ts';

const bytes = z.number().int().nonnegative();

export const requestSchema = z.object({
  seq: z.number().int(),
  at: z.number(),
  method: z.string(),
  /** What was asked for: an object's name or a path. */
  target: z.string(),
  range: z.string().optional(),
  rangeKind: z.enum(rangeKinds).optional(),
  ifRange: z.enum(ifRangeVerdicts).optional(),
  condition: z.enum(failedConditions).optional(),
  /** For range bars: the spans served, in bytes of the object. */
  spans: z.array(z.tuple([bytes, bytes])).optional(),
  objectBytes: bytes.optional(),
  status: z.number().int(),
  sentBytes: bytes,
  /** What the answer's Content-Length promised to send; absent when there was none, or no body belongs to it. */
  askedBytes: bytes.optional(),
  firstByteMs: z.number().optional(),
  durationMs: z.number(),
  /** The longest that a complete chunk of it waited for the client. */
  heldMs: z.number().optional(),
  /** The slowest level that was asked; absent when no body byte was read. */
  tier: z.enum(tiers).optional(),
  client: z.string(),
  /** False when the connection ended before the whole answer was sent. */
  complete: z.boolean(),
});
export type RequestRow = Readonly<z.infer<typeof requestSchema>>;

/** One chunk that a request read: where it came from and how long it took. */
const chunkUseSchema = z.object({
  index: z.number().int().nonnegative(),
  /** Half-open, in the object: what of the chunk was served. */
  start: bytes,
  end: bytes,
  tier: z.enum(tiers),
  /** How long there was nothing to send to the client because these bytes were not there yet. */
  waitMs: z.number().nonnegative(),
  /** From being complete, and in the window of the request, until the client had taken it. */
  heldMs: z.number().nonnegative().optional(),
});
export type ChunkUse = Readonly<z.infer<typeof chunkUseSchema>>;

const tierSpanSchema = z.object({ start: bytes, end: bytes, tier: z.enum(tiers) });
export type TierSpan = Readonly<z.infer<typeof tierSpanSchema>>;

/** Chunks listed in a detail; the others are counted. Spans by tier are as many, and the last one covers the rest. */
export const maxChunkUses = 64;

/** What is kept of the newest requests beyond their rows. Secrets in fields read `redacted`. */
export const requestDetailSchema = z.object({
  row: requestSchema,
  /** Path and query, as asked; for curl and replay. */
  url: z.string(),
  /** In the order in which they came or went. */
  requestHeaders: z.array(z.tuple([z.string(), z.string()])),
  responseHeaders: z.array(z.tuple([z.string(), z.string()])),
  /** What the URL selected when the request was decided; verdicts are worked out from it (shared/explain.ts). */
  representation: z.object({ length: bytes, etag: z.string(), lastModified: z.number() }).optional(),
  /** Parts of the answer's time: looking up what is current, waiting for a place, then for the first byte. */
  timing: z.object({
    lookupMs: z.number().optional(),
    admissionMs: z.number().optional(),
    firstByteMs: z.number().optional(),
    durationMs: z.number(),
  }),
  /** In the order in which they were sent; a chunk that left and came again is there twice. */
  chunks: z.array(chunkUseSchema).max(maxChunkUses),
  chunksHidden: z.number().int().nonnegative(),
  /** What was sent, by the level it came from: half-open, in the object. */
  tierSpans: z.array(tierSpanSchema).max(maxChunkUses),
});
export type RequestDetail = Readonly<z.infer<typeof requestDetailSchema>>;
