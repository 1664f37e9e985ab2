/** What every cache tier promises. An implementation's test is one call, plus what is special about it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bytesOf } from '#main/testing/scripted-store.ts';
import { blockBytes, blocksAround, chunkAt, type ChunkId } from './chunk.ts';
import type { CacheTier } from './tier.ts';

export const contractChunkBytes = 4 * blockBytes;

/** Opens an empty tier that holds at least four chunks of `contractChunkBytes`, and fewer than forty. */
export function describeCacheTier(name: string, open: () => Promise<CacheTier>): void {
  describe(`${name} as a cache tier`, () => {
    let tier: CacheTier;
    beforeEach(async () => {
      tier = await open();
    });
    afterEach(async () => {
      await tier[Symbol.asyncDispose]();
    });

    const chunkOf = (key: string, length: number, position = 0, pin = 'pin'): ChunkId =>
      chunkAt({ key, pin, length }, position, contractChunkBytes);

    const fill = async (chunk: ChunkId): Promise<void> =>
      tier.fill(chunk, bytesOf(chunk.object.key, chunk.range));

    const read = async (chunk: ChunkId, range = chunk.range): Promise<Uint8Array | 'miss'> => {
      const into = new Uint8Array(range.end - range.start);
      return (await tier.read(chunk, range, into)) ? into : 'miss';
    };

    it('misses what was never filled', async () => {
      expect(tier.has(chunkOf('a', 100))).toBe(false);
      expect(await read(chunkOf('a', 100))).toBe('miss');
      expect(tier.stats()).toMatchObject({ misses: 1, hits: 0, bytes: 0, chunks: 0 });
    });

    it.each([1, blockBytes - 1, blockBytes, blockBytes + 1, contractChunkBytes])(
      'gives back a chunk of %i bytes as it was',
      async (length) => {
        const chunk = chunkOf('a', length);
        await fill(chunk);
        expect(tier.has(chunk)).toBe(true);
        expect(await read(chunk)).toEqual(bytesOf('a', chunk.range));
        expect(tier.stats()).toMatchObject({ hits: 1, fills: 1, chunks: 1 });
      },
    );

    it('reads whole blocks from anywhere in a chunk, its short end included', async () => {
      const length = contractChunkBytes + 2 * blockBytes + 77;
      const chunk = chunkOf('a', length, contractChunkBytes);
      await fill(chunk);
      for (const start of [chunk.range.start, chunk.range.start + blockBytes, chunk.range.end - 1]) {
        const range = blocksAround(chunk, { start, end: chunk.range.end });
        expect(await read(chunk, range)).toEqual(bytesOf('a', range));
      }
    });

    it('keeps revisions apart', async () => {
      await fill(chunkOf('a', 100, 0, 'old'));
      expect(await read(chunkOf('a', 100, 0, 'new'))).toBe('miss');
    });

    it('makes room by evicting what was used longest ago', async () => {
      const favourite = chunkOf('favourite', contractChunkBytes);
      await fill(favourite);
      for (let index = 0; index < 40; index += 1) {
        await fill(chunkOf(`object-${index}`, contractChunkBytes));
        expect(await read(favourite)).toEqual(bytesOf('favourite', favourite.range));
      }
      const { bytes, limitBytes, evictions } = tier.stats();
      expect(bytes).toBeLessThanOrEqual(limitBytes);
      expect(evictions).toBeGreaterThan(0);
      expect(tier.has(chunkOf('object-0', contractChunkBytes))).toBe(false);
      expect(tier.has(chunkOf('object-39', contractChunkBytes))).toBe(true);
    });

    it('forgets every revision and chunk of an object, and no other object', async () => {
      const gone = [chunkOf('a', 2 * contractChunkBytes, 0), chunkOf('a', 100, 0, 'other')];
      const kept = chunkOf('b', 100);
      for (const chunk of [...gone, kept]) await fill(chunk);
      await tier.evict('a');
      for (const chunk of gone) expect(await read(chunk)).toBe('miss');
      expect(await read(kept)).toEqual(bytesOf('b', kept.range));
    });

    it('survives fills and reads of the same chunks at the same time', async () => {
      const chunks = Array.from({ length: 4 }, (_, index) => chunkOf(`object-${index}`, contractChunkBytes));
      const work = chunks.map(async (chunk) => {
        const fills = [fill(chunk), fill(chunk)];
        const reads = await Promise.all([read(chunk), read(chunk)]);
        await Promise.all(fills);
        return reads.filter((result) => result !== 'miss');
      });
      const found = (await Promise.all(work)).flat();
      expect(found.every((bytes) => bytes.length === contractChunkBytes)).toBe(true);
      for (const chunk of chunks) expect(await read(chunk)).toEqual(bytesOf(chunk.object.key, chunk.range));
    });
  });
}
