/**
 * The text of a recording's blocks, with those that were read last kept as they are in the file: going back and forth
 * costs no reading, and nobody ever has all of it in memory.
 */
import { blockText } from '#shared/recording/reader.ts';
import { MiB } from '#shared/units.ts';
import type { Footprint } from '../state/footprint.ts';
import type { BlockSource, RecordingFacts } from './block-source.ts';
import { webCodec } from './web-codec.ts';

/** Six minutes with 24 transfers. */
export const keptBlockBytes = 2.5 * MiB;

export class Blocks {
  readonly facts: RecordingFacts;
  readonly #source: BlockSource;
  /** The one that was asked for last is at the end. */
  readonly #kept = new Map<number, Uint8Array>();
  readonly #reading = new Map<number, Promise<Uint8Array | undefined>>();
  readonly #damaged = new Set<number>();
  #bytes = 0;

  constructor(source: BlockSource) {
    this.facts = source;
    this.#source = source;
  }

  get footprint(): Footprint {
    return { usedBytes: this.#bytes, limitBytes: keptBlockBytes };
  }

  /** Blocks that turned out to be damaged, or to be gone, beside those that the opening found. */
  get damaged(): number {
    return this.#damaged.size;
  }

  /** Lines for `framesOf` and its like; empty for a block that is damaged. @throws what reading throws */
  async text(index: number): Promise<string> {
    const bytes = await this.#bytesOf(index);
    const text = bytes && (await blockText(bytes, webCodec));
    if (text === undefined) this.#damaged.add(index);
    return text ?? '';
  }

  /** The last block that begins at `at` or before; -1 when all begin later. */
  indexAt(at: number): number {
    const { blocks } = this.facts;
    let [low, high] = [0, blocks.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((blocks[middle]?.firstAt ?? 0) <= at) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  async #bytesOf(index: number): Promise<Uint8Array | undefined> {
    const kept = this.#kept.get(index);
    if (kept) {
      this.#kept.delete(index);
      this.#kept.set(index, kept);
      return kept;
    }
    const reading = this.#reading.get(index) ?? this.#read(index);
    this.#reading.set(index, reading);
    try {
      return await reading;
    } finally {
      this.#reading.delete(index);
    }
  }

  async #read(index: number): Promise<Uint8Array | undefined> {
    const found = await this.#source.read(index);
    // The one that was asked for last, so that it is the last to go.
    for (const [place, bytes] of [...found.entries()].toReversed()) this.#keep(index + place, bytes);
    return found[0];
  }

  #keep(index: number, bytes: Uint8Array): void {
    if (this.#kept.has(index) || bytes.length > keptBlockBytes / 2) return;
    this.#kept.set(index, bytes);
    this.#bytes += bytes.length;
    for (const [oldest, { length }] of this.#kept) {
      if (this.#bytes <= keptBlockBytes) return;
      this.#kept.delete(oldest);
      this.#bytes -= length;
    }
  }
}
