/**
 * Proves objects whole. Answers to ranges carry no checksum, but some stores keep one over the whole object: the
 * checksums of its chunks, put together, must come to it. The last bytes of a body that is the whole object wait until
 * that is known, so that a client never has a complete object with a wrong byte in it.
 *
 * A chunk stays pinned while it is summed. One that is evicted before its turn leaves the sum incomplete, and then
 * nothing is held back for it: proof is taken where it is to be had, and never waited for in vain.
 */
import type { ChecksumAlgorithm } from '#main/checksum/combine.ts';
import { WholeObjectCheck } from '#main/checksum/whole-object-check.ts';
import type { Clock } from '#main/flow/clock.ts';
import type { FullChecksum, ObjectStore } from '#main/object-store/object-store.ts';
import { isSluiceError, SluiceError } from '#shared/errors.ts';
import { KiB } from '#shared/units.ts';
import type { ChunkPool } from './pool.ts';
import type { ResidentChunk } from './resident-chunk.ts';
import type { Revision } from './revision.ts';

/** So many bytes at the end wait for the proof, as far as they are of the last chunk: before it they bring it about. */
const heldBackBytes = 64 * KiB;

/** Most chunks that are pinned to be summed. One thread sums them one after the other. */
const mostSums = 4;

/** How long a chunk may wait while others have every pin: clients that are stuck have them for minutes. */
const pinWaitMs = 1000;

/** Sums the bytes of a chunk, elsewhere. */
export interface ChunkSums {
  checksumOf(algorithm: ChecksumAlgorithm, bytes: Uint8Array): Promise<bigint>;
}

export interface VerifierOptions {
  readonly pool: ChunkPool;
  readonly sums: ChunkSums;
  readonly clock: Clock;
  /** Asked for what a first look did not tell. */
  readonly store: Pick<ObjectStore, 'checksumOf'>;
}

export interface VerifierListener {
  /** The last bytes of it may go out now, or never. */
  decided(revision: Revision): void;
  /** Some of its bytes are wrong: nothing of it may be kept. */
  wrong(revision: Revision, error: SluiceError): void;
}

interface Proof {
  readonly algorithm: ChecksumAlgorithm;
  readonly check: WholeObjectCheck;
  /** Chunks whose sum is known, by index, and those whose sum is to come. */
  readonly known: Set<number>;
  readonly pending: Map<number, ResidentChunk>;
}

/** A complete chunk that is to be pinned and summed. */
interface Turn {
  readonly revision: Revision;
  readonly proof: Proof;
  readonly sinceMs: number;
}

export class Verifier implements Disposable {
  /** Objects that proved right, and wrong. */
  readonly counts = { right: 0, wrong: 0 };
  readonly #options: VerifierOptions;
  readonly #life = new AbortController();
  #listener: VerifierListener | undefined;
  readonly #asked = new WeakSet<Revision>();
  readonly #proofs = new WeakMap<Revision, Proof>();
  readonly #waiting = new Map<ResidentChunk, Turn>();
  /** Under way. */
  #sums = 0;

  constructor(options: VerifierOptions) {
    this.#options = options;
  }

  /** Called once, before anything is offered. */
  listen(listener: VerifierListener): void {
    this.#listener = listener;
  }

  /**
   * Somebody reads all of the object: its checksum is asked for if it is not known, once. A first look at an object of
   * one chunk has told it, if there is one.
   */
  ask(revision: Revision): void {
    const isLong = revision.object.length > this.#options.pool.chunkBytes;
    if (revision.checksum || !isLong || this.#asked.has(revision)) return;
    this.#asked.add(revision);
    void this.#learn(revision);
  }

  /** A chunk is complete. */
  offer(revision: Revision, chunk: ResidentChunk): void {
    const { index } = chunk.id;
    const proof = chunk.id === chunk.within ? this.#proofOf(revision) : undefined;
    if (!proof || proof.pending.get(index) === chunk) return;
    proof.pending.set(index, chunk);
    this.#waiting.set(chunk, { revision, proof, sinceMs: this.#options.clock.now() });
    this.advance();
  }

  /** Begins what can be begun, and leaves out what cannot; called again whenever a pin has come back, and regularly. */
  advance(): void {
    for (const [chunk, turn] of this.#waiting) {
      const isPinned = this.#tryPin(chunk);
      if (!isPinned && !chunk.isZombie && !this.#isInVain(turn)) continue;
      this.#waiting.delete(chunk);
      if (isPinned) void this.#sum(chunk, turn);
      else this.#settle(chunk, turn);
    }
  }

  /** How many of the last bytes of the whole object must wait now; for readers who have come to its last chunk. */
  heldBack(revision: Revision): number {
    const proof = this.#proofOf(revision);
    if (!proof) return 0;
    const { known, pending } = proof;
    const { length } = revision.object;
    const last = Math.ceil(length / this.#options.pool.chunkBytes) - 1;
    let isToCome = pending.size > 0;
    for (let index = 0; index <= last; index += 1) {
      const filling = revision.chunks.get(index)?.filling;
      // Readers hear of the last bytes of a chunk before its fill is over and it is offered.
      const isComing = filling !== undefined && (index === last || filling.at === filling.end);
      if (!isComing && !known.has(index) && !pending.has(index)) return 0;
      isToCome ||= isComing;
    }
    return isToCome ? Math.min(heldBackBytes, length) : 0;
  }

  /** Asks for nothing any more. */
  [Symbol.dispose](): void {
    this.#life.abort();
  }

  #tryPin(chunk: ResidentChunk): boolean {
    return this.#sums < mostSums && !chunk.isZombie && this.#options.pool.tryPin(chunk, 'disk');
  }

  /** Nothing that is under way here will bring a pin back. */
  #isInVain({ sinceMs }: Turn): boolean {
    return this.#sums === 0 && this.#options.clock.now() - sinceMs >= pinWaitMs;
  }

  async #learn(revision: Revision): Promise<void> {
    let checksum: FullChecksum | undefined;
    try {
      checksum = await this.#options.store.checksumOf?.(revision.object, this.#life.signal);
    } catch (error) {
      if (!isSluiceError(error)) throw error;
    }
    if (!checksum) return;
    revision.checksum = checksum;
    for (const chunk of revision.chunks.values()) if (chunk.isComplete) this.offer(revision, chunk);
  }

  async #sum(chunk: ResidentChunk, turn: Turn): Promise<void> {
    const { pool, sums } = this.#options;
    const { algorithm, check, known } = turn.proof;
    const { start, end } = chunk.id.range;
    this.#sums += 1;
    try {
      const sum = await sums.checksumOf(algorithm, chunk.view(start, end));
      const before = check.verdict;
      check.note(chunk.id.index, sum);
      known.add(chunk.id.index);
      if (before !== 'right' && check.verdict === 'right') this.counts.right += 1;
    } catch (error) {
      if (!isSluiceError(error, 'PROCESS_FAILED') && !isSluiceError(error, 'ABORTED')) throw error;
    } finally {
      this.#sums -= 1;
      pool.unpin(chunk);
    }
    this.#settle(chunk, turn);
  }

  /** It has been summed, or left out. */
  #settle(chunk: ResidentChunk, { revision, proof }: Turn): void {
    const { check, pending } = proof;
    if (pending.get(chunk.id.index) === chunk) pending.delete(chunk.id.index);
    if (this.#proofs.get(revision) !== proof) return;
    if (check.verdict === 'wrong') this.#condemn(revision);
    else this.#listener?.decided(revision);
  }

  #condemn(revision: Revision): void {
    this.#proofs.delete(revision);
    this.counts.wrong += 1;
    const algorithm = revision.checksum?.algorithm ?? '';
    const message = `${revision.object.key} does not have the ${algorithm} checksum that its store says`;
    this.#listener?.wrong(revision, new SluiceError('STORE_MISBEHAVED', message));
  }

  #proofOf(revision: Revision): Proof | undefined {
    const { checksum, object } = revision;
    if (!checksum || object.length === 0) return undefined;
    const begun = this.#proofs.get(revision);
    if (begun) return begun;
    const check = new WholeObjectCheck(checksum, object.length, this.#options.pool.chunkBytes);
    const proof: Proof = { algorithm: checksum.algorithm, check, known: new Set(), pending: new Map() };
    this.#proofs.set(revision, proof);
    return proof;
  }
}
