/**
 * Downloads as the console sees them: the fetching of one revision of an object from the store, and what became of
 * each piece of it. Times are milliseconds since the epoch, or since the download's start where a name says so.
 */
import { z } from 'zod';
import { maxCells, maxDownloads, maxPieces, maxReaders } from './vocabulary/downloads.ts';

const count = z.number().int().nonnegative();

/** `fetching`: pieces are on their way; `idle`: none is, but somebody reads it or did so just now; else `ended`. */
const downloadStates = ['fetching', 'idle', 'ended'] as const;
export type DownloadState = (typeof downloadStates)[number];

const downloadSchema = z.object({
  id: z.number().int(),
  object: z.string().max(256),
  /** The path to ask the server for it, where somebody has asked by one. */
  path: z.string().max(1024).optional(),
  /** The store's validator of the revision. */
  revision: z.string().max(128),
  objectBytes: count,
  fetchedBytes: count,
  /** Pieces whose last byte has come, that were given up, and that are on their way. */
  done: count,
  failed: count,
  active: count,
  /** Transfers that read the revision now. */
  readers: count,
  bytesPerSecond: z.number().nonnegative(),
  retries: count,
  hedges: count,
  /** Median of the newest 64 answers, from asking to the head of the answer; absent until there is one. */
  firstByteMs: z.number().nonnegative().optional(),
  startedAt: z.number(),
  lastAt: z.number(),
  state: z.enum(downloadStates),
});
export type DownloadRow = Readonly<z.infer<typeof downloadSchema>>;

export const downloadListSchema = z.object({
  at: z.number(),
  /** Newest first. */
  downloads: z.array(downloadSchema).max(maxDownloads),
  /** Those that are remembered no longer. */
  forgotten: count,
  /** What the record takes on the server now. */
  usedBytes: count,
});
export type DownloadList = Readonly<z.infer<typeof downloadListSchema>>;

const numbers = z.array(z.number()).max(maxPieces);

/** A column for each figure of the pieces. Times are since the download's start; -1 says that it has not happened. */
const pieceColumnsSchema = z.object({
  row: numbers,
  index: numbers,
  start: numbers,
  end: numbers,
  /** Codes: the place in `fetchLanes`, `pieceStates`, `hedgeOutcomes`, `laterTiers` (vocabulary/downloads.ts). */
  lane: numbers,
  state: numbers,
  hedge: numbers,
  tier: numbers,
  attempts: numbers,
  receivedBytes: numbers,
  /** It wanted a permit; the newest attempt went out and was answered; the last byte came. */
  queuedAt: numbers,
  askedAt: numbers,
  answeredAt: numbers,
  completeAt: numbers,
  /** For how long some transfer wanted it while it was complete; since when one does again. */
  heldMs: numbers,
  heldSince: numbers,
  /** The last transfer let it go; it left the memory. */
  releasedAt: numbers,
  goneAt: numbers,
});
export type PieceColumns = Readonly<z.infer<typeof pieceColumnsSchema>>;
export const pieceColumnNames = Object.keys(pieceColumnsSchema.shape) as readonly (keyof PieceColumns)[];

const failedAttemptSchema = z.object({
  row: count,
  askedAt: z.number(),
  answeredAt: z.number(),
  endedAt: z.number(),
  /** The code of what went wrong. */
  reason: z.string(),
});
export type FailedAttempt = Readonly<z.infer<typeof failedAttemptSchema>>;

export const downloadDetailSchema = z.object({
  at: z.number(),
  download: downloadSchema,
  chunkBytes: count,
  /** A letter for each cell, `a` for the first of `cellStates`; how many chunks each stands for. */
  cells: z.string().max(maxCells),
  chunksPerCell: count,
  /** Pieces that have changed since the version that was asked for. */
  pieces: pieceColumnsSchema,
  /** Attempts that failed, of these pieces, oldest first. */
  failedAttempts: z.array(failedAttemptSchema).max(maxPieces),
  /** Pieces that are remembered no longer: those before this one. */
  firstRow: count,
  /** Pass it with the next call. */
  version: count,
  /** Lanes of the transfers that read it. */
  lanes: z.array(z.number().int()).max(maxReaders),
});
export type DownloadDetail = Readonly<z.infer<typeof downloadDetailSchema>>;
