/**
 * How the memory budget is divided. Each share is an arena of equal slabs that are allocated when first needed and
 * then recycled, never freed, so the sum of the shares is a ceiling that no schedule can pass:
 *
 *   chunks       the pool: whole chunks, whether a client waits for them, they are read ahead, or nobody reads them
 *                any more. The last are the memory cache; they are what gives way first
 *   small        small reads and small objects, so that none of them keeps the slab of a chunk from its use
 *   bounce       one for each admitted transfer: what a slow client has still to take is copied here, and its chunk
 *                is free to go
 *   uploads      one part for each upload in progress; further uploads wait
 *   connections  one for each connection to the store: the head of an answer, before its body goes into a slab
 */
import type { Config } from './config.ts';
import { SluiceError } from './errors.ts';
import { formatExactBytes, KiB, MiB } from './units.ts';

export interface ArenaPlan {
  readonly slabBytes: number;
  readonly slabs: number;
}

export interface MemoryPlan {
  readonly budgetBytes: number;
  readonly chunks: ArenaPlan;
  readonly small: ArenaPlan;
  readonly bounce: ArenaPlan;
  readonly uploads: ArenaPlan;
  readonly connections: ArenaPlan;
  /** The most slabs of `chunks` that writes to sockets may hold on to at a time; at least two are left. */
  readonly pinnedChunks: number;
  /** The same of `small`. */
  readonly pinnedSmall: number;
  /** The most bytes of `chunks` and `small` together that may stay filled with what nobody reads. */
  readonly cachedBytes: number;
}

/** A small read is at most 256 KiB; one block of 64 KiB more, and it may start anywhere in its first block. */
const smallBytes = 256 * KiB + 64 * KiB;

/** What is copied for a slow client at a time. */
const bounceBytes = 64 * KiB;

/** One multipart part: S3 wants at least 5 MiB, and 10,000 parts of 8 MiB hold an object of 78 GiB. */
const partBytes = 8 * MiB;

/** As long a head as Node's own HTTP client takes. */
const headBytes = 16 * KiB;

/** Connections beside those that fetch: discovery, hedges, and what is being closed. */
const extraConnections = 16;

const maxTransfers = 1024;

/** With fewer, half of the chunks in the hands of sockets would leave none to go on with. */
const minChunks = 4;

/** The budget when it is not set, for a process that may use `memoryBytes`: a quarter, within bounds, in whole MiB. */
export function defaultBudgetBytes(memoryBytes: number): number {
  const quarter = Math.floor(memoryBytes / 4 / MiB) * MiB;
  return Math.max(64 * MiB, Math.min(quarter, 512 * MiB));
}

type Sizes = Pick<Config, 'memoryBudgetBytes' | 'memoryCacheBytes' | 'chunkBytes' | 'maxConnections'>;

/** How the message of a refusal calls the settings that it is about: as whoever set them wrote them. */
type SizeNames = Readonly<Record<'memoryBudgetBytes' | 'chunkBytes', string>>;

const flagNames: SizeNames = { memoryBudgetBytes: '--memory-budget', chunkBytes: '--chunk-size' };

/**
 * Divides the budget. Guarantees: the shares add up to no more than the budget, and at least two slabs of chunks and
 * of small reads are never pinned.
 * @throws SluiceError INVALID_INPUT with the remedy, when too few chunks fit.
 */
export function planMemory(sizes: Sizes, names: SizeNames = flagNames): MemoryPlan {
  const { memoryBudgetBytes: budgetBytes, memoryCacheBytes, chunkBytes } = sizes;
  const { small, bounce, uploads, connections, restBytes } = divide(sizes);
  const chunks = { slabBytes: chunkBytes, slabs: Math.floor(restBytes / chunkBytes) };
  if (chunks.slabs < minChunks) throw refusal(sizes, names, restBytes);
  return {
    budgetBytes,
    chunks,
    small,
    bounce,
    uploads,
    connections,
    pinnedChunks: Math.floor(chunks.slabs / 2),
    pinnedSmall: Math.floor(small.slabs / 2),
    cachedBytes: Math.min(memoryCacheBytes, bytesOf(chunks) + bytesOf(small)),
  };
}

/** The shares that do not depend on the size of a chunk, and what they leave for chunks. */
function divide({ memoryBudgetBytes, maxConnections }: Pick<Sizes, 'memoryBudgetBytes' | 'maxConnections'>) {
  const sixteenth = memoryBudgetBytes / 16;
  const small = { slabBytes: smallBytes, slabs: Math.floor(sixteenth / smallBytes) };
  const bounce = {
    slabBytes: bounceBytes,
    slabs: Math.min(maxTransfers, Math.floor(sixteenth / bounceBytes)),
  };
  const uploads = { slabBytes: partBytes, slabs: memoryBudgetBytes >= 128 * MiB ? 2 : 1 };
  const connections = { slabBytes: headBytes, slabs: maxConnections + extraConnections };
  const shares = [small, bounce, uploads, connections];
  const restBytes = shares.reduce((left, share) => left - bytesOf(share), memoryBudgetBytes);
  return { small, bounce, uploads, connections, restBytes };
}

function bytesOf({ slabBytes, slabs }: ArenaPlan): number {
  return slabBytes * slabs;
}

function refusal(sizes: Sizes, names: SizeNames, restBytes: number): SluiceError {
  const { memoryBudgetBytes, chunkBytes } = sizes;
  return new SluiceError(
    'INVALID_INPUT',
    `${names.memoryBudgetBytes} ${formatExactBytes(memoryBudgetBytes)} has room for ` +
      `${Math.floor(restBytes / chunkBytes)} of the ${minChunks} chunks of ${formatExactBytes(chunkBytes)} ` +
      `that are needed: allowed is ${formatExactBytes(sufficientBudget(sizes))}, ` +
      `or ${formatExactBytes(sufficientChunk(restBytes))} for ${names.chunkBytes}`,
  );
}

/** The next budget in whole MiB that works. */
function sufficientBudget(sizes: Sizes): number {
  let budgetBytes = Math.ceil(sizes.memoryBudgetBytes / MiB) * MiB;
  const room = (): number => divide({ ...sizes, memoryBudgetBytes: budgetBytes }).restBytes;
  while (room() < minChunks * sizes.chunkBytes) budgetBytes += MiB;
  return budgetBytes;
}

/** The largest power of two of which enough fit: chunks then line up with the parts of objects. */
function sufficientChunk(restBytes: number): number {
  return 2 ** Math.floor(Math.log2(restBytes / minChunks));
}
