/**
 * How the memory budget is divided. Each share is an arena of equal slabs that are allocated when first needed and
 * then recycled, never freed, so the sum of the shares is a ceiling that no schedule can pass:
 *
 *   pieces   one small slab per admitted transfer: a transfer that holds nothing always gets this one, so every
 *            transfer advances, however many clients are stuck
 *   chunks   what transfers compete for: whole chunks, up to the window of each
 *   cache    the memory tier (chunks, and small slabs for small objects)
 *   uploads  one part for each upload in progress; further uploads wait
 */
import type { Config } from './config.ts';
import { SluiceError } from './errors.ts';
import { formatBytes, KiB, MiB } from './units.ts';

export interface ArenaPlan {
  readonly slabBytes: number;
  readonly slabs: number;
}

export interface MemoryPlan {
  readonly budgetBytes: number;
  readonly pieces: ArenaPlan;
  readonly chunks: ArenaPlan;
  readonly cacheChunks: ArenaPlan;
  readonly cachePieces: ArenaPlan;
  readonly uploads: ArenaPlan;
}

/** The guaranteed slab of a transfer. */
export const pieceBytes = 256 * KiB;

/** One multipart part: S3 wants at least 5 MiB, and 10,000 parts of 8 MiB hold an object of 78 GiB. */
export const partBytes = 8 * MiB;

const maxTransfers = 256;

/** The memory tier's share when it is not set: 64 MiB, at most a quarter of the budget. */
export function defaultMemoryCacheBytes(budgetBytes: number): number {
  return Math.min(64 * MiB, Math.floor(budgetBytes / 4));
}

type Sizes = Pick<Config, 'memoryBudgetBytes' | 'memoryCacheBytes' | 'chunkBytes'>;

/**
 * Divides the budget. Guarantees: the shares add up to no more than the budget, at least two chunks are left to
 * compete for, and every admitted transfer has its piece.
 * @throws SluiceError INVALID_INPUT with the remedy, when the settings cannot work together.
 */
export function planMemory(sizes: Sizes): MemoryPlan {
  const { memoryBudgetBytes: budgetBytes, memoryCacheBytes: cacheBytes, chunkBytes } = sizes;
  const uploads = { slabBytes: partBytes, slabs: budgetBytes >= 128 * MiB ? 2 : 1 };
  const shared = budgetBytes - cacheBytes - uploads.slabBytes * uploads.slabs;
  const pieces = {
    slabBytes: pieceBytes,
    slabs: Math.max(1, Math.min(maxTransfers, Math.floor(shared / 4 / pieceBytes))),
  };
  const chunks = {
    slabBytes: chunkBytes,
    slabs: Math.floor((shared - pieces.slabBytes * pieces.slabs) / chunkBytes),
  };
  if (chunks.slabs < 2) throw refusal(sizes, shared);
  const cachePieces = { slabBytes: pieceBytes, slabs: Math.floor(cacheBytes / 8 / pieceBytes) };
  const cacheChunks = {
    slabBytes: chunkBytes,
    slabs: Math.floor((cacheBytes - cachePieces.slabs * pieceBytes) / chunkBytes),
  };
  return { budgetBytes, pieces, chunks, cacheChunks, cachePieces, uploads };
}

function refusal(sizes: Sizes, shared: number): SluiceError {
  const { memoryBudgetBytes, memoryCacheBytes, chunkBytes } = sizes;
  const needed = Math.ceil((memoryBudgetBytes - shared + (2 * chunkBytes * 4) / 3 + pieceBytes) / MiB) * MiB;
  return new SluiceError(
    'INVALID_INPUT',
    `--memory-budget ${formatBytes(memoryBudgetBytes)} leaves no room for two chunks of ${formatBytes(chunkBytes)} ` +
      `beside a memory cache of ${formatBytes(memoryCacheBytes)}: allowed is at least ${formatBytes(needed)}, ` +
      `or a smaller --chunk-size or --memory-cache`,
  );
}
