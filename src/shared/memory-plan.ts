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
import { formatExactBytes, GiB, KiB, MiB } from './units.ts';

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
const pieceBytes = 256 * KiB;

/** One multipart part: S3 wants at least 5 MiB, and 10,000 parts of 8 MiB hold an object of 78 GiB. */
const partBytes = 8 * MiB;

const maxTransfers = 256;

/** The memory tier's share when it is not set: 64 MiB, at most a quarter of the budget. */
export function defaultMemoryCacheBytes(budgetBytes: number): number {
  return Math.min(64 * MiB, Math.floor(budgetBytes / 4));
}

type Sizes = Pick<Config, 'memoryBudgetBytes' | 'memoryCacheBytes' | 'chunkBytes'>;

/** How the message of a refusal calls each setting: as whoever set it wrote it. */
export type SizeNames = Readonly<Record<keyof Sizes, string>>;

const flagNames: SizeNames = {
  memoryBudgetBytes: '--memory-budget',
  memoryCacheBytes: '--memory-cache',
  chunkBytes: '--chunk-size',
};

/**
 * Divides the budget. Guarantees: the shares add up to no more than the budget, at least two chunks are left to
 * compete for, and every admitted transfer has its piece.
 * @throws SluiceError INVALID_INPUT with the remedy, when the settings cannot work together.
 */
export function planMemory(sizes: Sizes, names: SizeNames = flagNames): MemoryPlan {
  const { memoryBudgetBytes: budgetBytes, memoryCacheBytes: cacheBytes, chunkBytes } = sizes;
  const { uploads, pieces, chunks } = divide(sizes);
  if (chunks.slabs < 2) throw refusal(sizes, names);
  const cachePieces = { slabBytes: pieceBytes, slabs: Math.floor(cacheBytes / 8 / pieceBytes) };
  const cacheChunks = {
    slabBytes: chunkBytes,
    slabs: Math.floor((cacheBytes - cachePieces.slabs * pieceBytes) / chunkBytes),
  };
  return { budgetBytes, pieces, chunks, cacheChunks, cachePieces, uploads };
}

/** What is left beside the cache, as arenas. */
function divide({ memoryBudgetBytes, memoryCacheBytes, chunkBytes }: Sizes) {
  const uploads = { slabBytes: partBytes, slabs: memoryBudgetBytes >= 128 * MiB ? 2 : 1 };
  const shared = memoryBudgetBytes - memoryCacheBytes - uploads.slabBytes * uploads.slabs;
  const pieces = {
    slabBytes: pieceBytes,
    slabs: Math.max(1, Math.min(maxTransfers, Math.floor(shared / 4 / pieceBytes))),
  };
  const chunks = {
    slabBytes: chunkBytes,
    slabs: Math.floor((shared - pieces.slabBytes * pieces.slabs) / chunkBytes),
  };
  return { uploads, pieces, chunks };
}

function refusal(sizes: Sizes, names: SizeNames): SluiceError {
  const smaller = `a smaller ${names.chunkBytes} or ${names.memoryCacheBytes}`;
  const enough = sufficientBudget(sizes);
  return new SluiceError(
    'INVALID_INPUT',
    `${names.memoryBudgetBytes} ${formatExactBytes(sizes.memoryBudgetBytes)} leaves no room for two chunks of ` +
      `${formatExactBytes(sizes.chunkBytes)} beside a memory cache of ${formatExactBytes(sizes.memoryCacheBytes)}: ` +
      (enough ? `allowed is ${formatExactBytes(enough)}, or ${smaller}` : `allowed is ${smaller}`),
  );
}

/** The next budget in whole MiB that works; a cache share that follows the budget goes on following it. */
function sufficientBudget(sizes: Sizes): number | undefined {
  const follows = sizes.memoryCacheBytes === defaultMemoryCacheBytes(sizes.memoryBudgetBytes);
  for (let budget = Math.ceil(sizes.memoryBudgetBytes / MiB) * MiB; budget <= 64 * GiB; budget += MiB) {
    const memoryCacheBytes = follows ? defaultMemoryCacheBytes(budget) : sizes.memoryCacheBytes;
    if (divide({ ...sizes, memoryBudgetBytes: budget, memoryCacheBytes }).chunks.slabs >= 2) return budget;
  }
  return undefined;
}
