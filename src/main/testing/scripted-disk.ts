/** A disk for tests: keeps what it is given, takes its time, and loses things when told to. */
import type { ChunkSink } from '#main/cache/backfill.ts';
import { chunkKey, type ChunkId } from '#main/cache/chunk.ts';
import type { ChunkDisk } from '#main/cache/disk-fill.ts';
import type { Clock } from '#main/flow/clock.ts';
import type { ByteRange } from '#shared/range.ts';
import type { ScriptedFetching } from './scripted-fetching.ts';

export class ScriptedDisk implements ChunkDisk, ChunkSink {
  readonly kept = new Set<string>();
  /** The order in which chunks were written. */
  readonly written: ChunkId[] = [];
  readMs = 2;
  writeMs = 3;
  reads = 0;
  /** Asked at the end of each read: whether the bytes are lost after all. */
  isTorn: () => boolean = () => false;
  readonly #world: { readonly clock: Clock; readonly fetching: ScriptedFetching };

  constructor(world: { readonly clock: Clock; readonly fetching: ScriptedFetching }) {
    this.#world = world;
  }

  has(chunk: ChunkId): boolean {
    return this.kept.has(chunkKey(chunk));
  }

  async read(chunk: ChunkId, range: ByteRange, into: Uint8Array): Promise<boolean> {
    this.reads += 1;
    await this.#wait(this.readMs);
    if (this.isTorn()) this.kept.delete(chunkKey(chunk));
    const isHit = this.has(chunk);
    if (isHit) into.set(this.#world.fetching.contents(chunk.object, range));
    else into.fill(254);
    return isHit;
  }

  async write(chunk: ChunkId, bytes: Uint8Array): Promise<void> {
    await this.#wait(this.writeMs);
    if (Buffer.compare(bytes, this.#world.fetching.contents(chunk.object, chunk.range)) !== 0)
      throw new Error(`wrong bytes for the disk: chunk ${chunk.index}`);
    this.written.push(chunk);
    this.kept.add(chunkKey(chunk));
  }

  #wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.#world.clock.after(milliseconds, () => resolve());
    });
  }
}
