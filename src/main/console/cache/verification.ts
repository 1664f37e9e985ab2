/**
 * Verifies what is cached of one object: each block on disk against its checksum, the copy in memory against the one
 * on disk, and, where all of it is cached and the store keeps a checksum of the whole, everything against that. It
 * reads through one small slab of the budget, so it is slow beside clients, and in nobody's way.
 */
import { ChunkFileFault } from '#main/cache/chunk-file.ts';
import { blockBytes, chunkAt, rangeBytes, type ChunkId } from '#main/cache/chunk.ts';
import type { DiskTier } from '#main/cache/disk-tier.ts';
import type { ResidentChunk } from '#main/cache/resident-chunk.ts';
import { Revision } from '#main/cache/revision.ts';
import { combiner, type ChecksumAlgorithm, type Combine } from '#main/checksum/combine.ts';
import type { Slab } from '#main/flow/arena.ts';
import type { FullChecksum, ObjectRevision } from '#main/object-store/object-store.ts';
import type { Engine } from '#main/transfer/engine.ts';
import { SluiceError } from '#shared/errors.ts';
import { formatBytes, formatCount } from '#shared/units.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobReport } from './jobs.ts';

export interface VerifyOptions {
  readonly engine: Engine;
  readonly disk: DiskTier | undefined;
  /** The checksum that the store keeps of the whole, if it keeps one. */
  readonly checksumOf: (object: ObjectRevision, signal: AbortSignal) => Promise<FullChecksum | undefined>;
}

const retryMs = 50;

/** @returns what came of it: a sentence for people. @throws SluiceError STORE_MISBEHAVED when the whole is wrong */
export async function verify(
  options: VerifyOptions,
  object: ObjectRevision,
  report: JobReport,
  signal: AbortSignal,
): Promise<string> {
  const { engine } = options;
  report.phase('asking the store for its checksum');
  const checksum = await options.checksumOf(object, signal);
  report.total(cachedBytesOf(options, object));
  using scratch = await takeScratch(engine, report, signal);
  const summing = new Summing(engine, checksum?.algorithm ?? 'crc32');
  const result = { checked: 0, bytes: 0, bad: 0 };
  let whole: bigint | undefined = 0n;
  report.phase('reading blocks');
  for (const chunk of chunksOf(object, engine.pool.chunkBytes)) {
    signal.throwIfAborted();
    const sums = await sumsOf(options, chunk, { scratch, summing, report, signal });
    if (sums.isBad) result.bad += 1;
    const sum = sums.disk ?? sums.memory;
    if (sum !== undefined) {
      result.checked += 1;
      result.bytes += rangeBytes(chunk.range);
    }
    if (sums.disk !== undefined && sums.memory !== undefined && sums.disk !== sums.memory)
      return condemn(options, object, `chunk ${chunk.index} is not the same in memory and on disk`);
    whole =
      whole === undefined || sum === undefined
        ? undefined
        : summing.append(whole, sum, rangeBytes(chunk.range));
  }
  const what = `${formatCount(result.checked)} ${result.checked === 1 ? 'chunk' : 'chunks'}, ${formatBytes(result.bytes)}`;
  if (result.bad > 0)
    return `${what} intact; ${formatCount(result.bad)} bad and dropped: the next reader brings them anew`;
  if (!checksum) return `${what} intact; the store keeps no checksum of the whole`;
  if (whole === undefined)
    return `${what} intact; the whole can be compared with the store once all of it is cached`;
  if (whole !== BigInt(`0x${Buffer.from(checksum.value).toString('hex')}`))
    return condemn(options, object, `all of it together does not have the store’s ${checksum.algorithm}`);
  return `${what} intact, and all of it has the store’s ${checksum.algorithm}`;
}

/** Nothing of it may be kept, and nobody may go on reading it. */
function condemn({ engine }: VerifyOptions, object: ObjectRevision, why: string): never {
  const error = new SluiceError('STORE_MISBEHAVED', `${why}: nothing of it is kept`);
  engine.transfers.wrong(engine.pool.revisions.find(object) ?? new Revision(object), error);
  throw error;
}

interface Means {
  readonly scratch: Slab;
  readonly summing: Summing;
  readonly report: JobReport;
  readonly signal: AbortSignal;
}

interface ChunkSumsFound {
  readonly memory?: bigint | undefined;
  readonly disk?: bigint | undefined;
  readonly isBad: boolean;
}

async function sumsOf(options: VerifyOptions, chunk: ChunkId, means: Means): Promise<ChunkSumsFound> {
  const { scratch, summing, report, signal } = means;
  const memory = await memorySum(options, chunk, means);
  const { disk } = options;
  if (!disk?.has(chunk)) return { memory, isBad: false };
  const length = scratch.memory.length - (scratch.memory.length % blockBytes);
  let sum = 0n;
  let read = 0;
  try {
    for await (const piece of disk.pieces(chunk, scratch.memory.subarray(0, length))) {
      signal.throwIfAborted();
      sum = summing.append(sum, await summing.sum(piece), piece.length);
      read += piece.length;
      report.done(piece.length);
    }
  } catch (error) {
    if (!(error instanceof ChunkFileFault)) throw error;
    return { memory, isBad: true };
  }
  // Evicted before it was read: nothing is known of it.
  return { memory, disk: read === rangeBytes(chunk.range) ? sum : undefined, isBad: false };
}

/** Of a whole chunk in memory, which stays where it is while it is summed. */
async function memorySum(
  { engine }: VerifyOptions,
  chunk: ChunkId,
  { summing, report }: Means,
): Promise<bigint | undefined> {
  const { pool } = engine;
  const resident = residentOf(engine, chunk);
  if (!resident?.isComplete || !pool.tryPin(resident, 'disk')) return undefined;
  try {
    const { start, end } = resident.id.range;
    const sum = await summing.sum(resident.view(start, end));
    report.done(end - start);
    return sum;
  } finally {
    pool.unpin(resident);
  }
}

/** Puts sums of pieces together. */
class Summing {
  readonly #engine: Engine;
  readonly #algorithm: ChecksumAlgorithm;
  readonly #combiners = new Map<number, Combine>();

  constructor(engine: Engine, algorithm: ChecksumAlgorithm) {
    this.#engine = engine;
    this.#algorithm = algorithm;
  }

  sum(bytes: Uint8Array): Promise<bigint> {
    return this.#engine.checksums.checksumOf(this.#algorithm, bytes);
  }

  /** The sum of what comes to `front` and `bytes` more that come to `back`. */
  append(front: bigint, back: bigint, bytes: number): bigint {
    const combine = this.#combiners.get(bytes) ?? combiner(this.#algorithm, bytes);
    this.#combiners.set(bytes, combine);
    return combine(front, back);
  }
}

async function takeScratch(engine: Engine, report: JobReport, signal: AbortSignal): Promise<Slab> {
  const { small } = engine.budget;
  for (;;) {
    const isContended = engine.transfers.waiting('small') > 0;
    const slab = isContended ? undefined : small.tryTake('bounce', 'verify');
    if (slab) return slab;
    report.phase('waiting for memory');
    await sleep(retryMs, undefined, { signal, ref: false });
  }
}

function residentOf({ pool }: Engine, chunk: ChunkId): ResidentChunk | undefined {
  const resident = pool.revisions.find(chunk.object)?.chunks.get(chunk.index);
  return resident?.isZombie === false ? resident : undefined;
}

function cachedBytesOf({ engine, disk }: VerifyOptions, object: ObjectRevision): number {
  let bytes = 0;
  for (const chunk of chunksOf(object, engine.pool.chunkBytes)) {
    const size = rangeBytes(chunk.range);
    if (disk?.has(chunk)) bytes += size;
    if (residentOf(engine, chunk)?.isComplete) bytes += size;
  }
  return bytes;
}

function* chunksOf(object: ObjectRevision, chunkBytes: number): Generator<ChunkId> {
  for (let at = 0; at < object.length; at += chunkBytes) yield chunkAt(object, at, chunkBytes);
}
