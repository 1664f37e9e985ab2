/** What every cache tier promises. An implementation's test is one call, plus what is special about it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bytesOf } from '#main/testing/scripted-store.ts';
import { blockBytes, blocksAround, chunkAt, type ChunkId } from './chunk.ts';
import type { CacheTier, WriteOutcome } from './tier.ts';

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

    const write = (chunk: ChunkId): Promise<WriteOutcome> =>
      tier.write(chunk, bytesOf(chunk.object.key, chunk.range));

    const read = async (chunk: ChunkId, range = chunk.range): Promise<Uint8Array | 'miss'> => {
      const into = new Uint8Array(range.end - range.start);
      return (await tier.read(chunk, range, into)) ? into : 'miss';
    };

    it('misses what was never written', async () => {
      expect(tier.has(chunkOf('a', 100))).toBe(false);
      expect(await read(chunkOf('a', 100))).toBe('miss');
      expect(tier.stats()).toMatchObject({ misses: 1, hits: 0, bytes: 0, chunks: 0 });
    });

    it.each([1, blockBytes - 1, blockBytes, blockBytes + 1, contractChunkBytes])(
      'gives back a chunk of %i bytes as it was',
      async (length) => {
        const chunk = chunkOf('a', length);
        expect(await write(chunk)).toBe('written');
        expect(tier.has(chunk)).toBe(true);
        expect(await read(chunk)).toEqual(bytesOf('a', chunk.range));
        expect(tier.stats()).toMatchObject({ hits: 1, fills: 1, chunks: 1 });
      },
    );

    it('reads whole blocks from anywhere in a chunk, its short end included', async () => {
      const length = contractChunkBytes + 2 * blockBytes + 77;
      const chunk = chunkOf('a', length, contractChunkBytes);
      await write(chunk);
      for (const start of [chunk.range.start, chunk.range.start + blockBytes, chunk.range.end - 1]) {
        const range = blocksAround(chunk, { start, end: chunk.range.end });
        expect(await read(chunk, range)).toEqual(bytesOf('a', range));
      }
    });

    it('keeps revisions apart', async () => {
      await write(chunkOf('a', 100, 0, 'old'));
      expect(await read(chunkOf('a', 100, 0, 'new'))).toBe('miss');
    });

    it('makes room by evicting what was used longest ago', async () => {
      const favourite = chunkOf('favourite', contractChunkBytes);
      await write(favourite);
      for (let index = 0; index < 40; index += 1) {
        await write(chunkOf(`object-${index}`, contractChunkBytes));
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
      for (const chunk of [...gone, kept]) await write(chunk);
      await tier.evict('a');
      for (const chunk of gone) expect(await read(chunk)).toBe('miss');
      expect(await read(kept)).toEqual(bytesOf('b', kept.range));
    });

    it('takes the chunk from the front of a slab, and gives it back into another', async () => {
      const chunk = chunkOf('a', blockBytes + 5);
      const slab = new Uint8Array(new SharedArrayBuffer(contractChunkBytes)).fill(9);
      slab.set(bytesOf('a', chunk.range));
      expect(await tier.write(chunk, slab)).toBe('written');
      const into = new Uint8Array(new SharedArrayBuffer(contractChunkBytes));
      expect(await tier.read(chunk, chunk.range, into)).toBe(true);
      expect(into.slice(0, chunk.range.end)).toEqual(bytesOf('a', chunk.range));
      expect(into.slice(chunk.range.end).every((byte) => byte === 0)).toBe(true);
    });

    it('skips what it keeps already', async () => {
      const chunk = chunkOf('a', 100);
      const outcomes = await Promise.all([write(chunk), write(chunk)]);
      expect([...outcomes, await write(chunk)].toSorted()).toEqual(['skipped', 'skipped', 'written']);
      expect(tier.stats()).toMatchObject({ fills: 1, chunks: 1 });
    });

    it('skips what it evicts while it is being written', async () => {
      const chunk = chunkOf('a', contractChunkBytes);
      const outcome = write(chunk);
      const evicted = tier.evict('a');
      const late = write(chunkOf('a', 100));
      await evicted;
      expect([await outcome, await late]).toEqual(['skipped', 'skipped']);
      expect(await read(chunk)).toBe('miss');
      expect(await write(chunk)).toBe('written');
      expect(tier.stats()).toMatchObject({ faults: 0, chunks: 1 });
    });

    it('stays within its limit, however many are written at once', async () => {
      const chunks = Array.from({ length: 60 }, (_, index) => chunkOf(`o-${index}`, contractChunkBytes));
      const outcomes = await Promise.all(chunks.map(write));
      const { bytes, limitBytes, fills, fillsSkipped } = tier.stats();
      expect(bytes).toBeLessThanOrEqual(limitBytes);
      expect(outcomes.filter((outcome) => outcome === 'written')).toHaveLength(fills);
      expect(fills + fillsSkipped).toBe(60);
      expect(fillsSkipped).toBeGreaterThan(0);
    });

    it('gives right bytes or misses, whatever is written, read and evicted at the same time', async () => {
      const chunks = Array.from({ length: 50 }, (_, index) => chunkOf(`o-${index}`, contractChunkBytes));
      const work = chunks.map(async (chunk, index) => {
        const found: (Uint8Array | 'miss')[] = [];
        for (let round = 0; round < 5; round += 1) {
          const [, ...results] = await Promise.all([write(chunk), read(chunk), read(chunk)]);
          found.push(...results);
          if ((index + round) % 7 === 0) await tier.evict(chunk.object.key);
        }
        const right = bytesOf(chunk.object.key, chunk.range);
        const hits = found.filter((bytes) => bytes !== 'miss');
        return hits.every((bytes) => Buffer.compare(bytes, right) === 0);
      });
      expect(await Promise.all(work)).toEqual(chunks.map(() => true));
      expect(tier.stats()).toMatchObject({ faults: 0 });
    });
  });
}
