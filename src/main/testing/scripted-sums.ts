/** Checksums of chunks on a virtual clock. The bytes are looked at in the end, so that memory must stay as it is. */
import { crc32 } from 'node:zlib';
import type { ChunkSums } from '#main/cache/verifier.ts';
import type { ChecksumAlgorithm } from '#main/checksum/combine.ts';
import type { Clock } from '#main/flow/clock.ts';
import { SluiceError } from '#shared/errors.ts';

export class ScriptedSums implements ChunkSums {
  /** For one chunk. */
  ms = 3;
  /** Asked in the end, with the number of the chunk's turn: what comes of it. */
  outcome: (turn: number) => 'right' | 'wrong' | 'failed' = () => 'right';
  turns = 0;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async checksumOf(algorithm: ChecksumAlgorithm, bytes: Uint8Array): Promise<bigint> {
    if (algorithm !== 'crc32') throw new Error(`no sums by ${algorithm}`);
    const turn = this.turns;
    this.turns += 1;
    await new Promise<void>((resolve) => void this.#clock.after(this.ms, resolve));
    const outcome = this.outcome(turn);
    if (outcome === 'failed') throw new SluiceError('PROCESS_FAILED', 'scripted failure');
    return BigInt(crc32(bytes) ^ (outcome === 'wrong' ? 1 : 0)) & 0xffff_ffffn;
  }
}
