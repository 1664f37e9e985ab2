import { describe, expect, it } from 'vitest';
import { framesOf } from '#shared/recording/frames.ts';
import { MiB } from '#shared/units.ts';
import type { BlockSource } from './block-source.ts';
import { blocksOfFile } from './block-source.ts';
import { Blocks, keptBlockBytes } from './blocks.ts';
import { fileOf, framesOfNight, inBlocks, recordsOf, sourceOfBytes, startAt } from './recording.fixture.ts';

const night = framesOfNight(20);
const opened = async (): Promise<BlockSource> =>
  blocksOfFile(sourceOfBytes(await fileOf(inBlocks(recordsOf(night)))));

describe('blocks of a recording', () => {
  it('are read once while they are kept, also by two at a time', async () => {
    const source = await opened();
    let reads = 0;
    const blocks = new Blocks({
      ...source,
      read: async (index) => {
        reads += 1;
        return source.read(index);
      },
    });
    const [one, other] = await Promise.all([blocks.text(0), blocks.text(0)]);
    expect(one).toBe(other);
    expect(framesOf(one).frames[0]?.at).toBe(startAt);
    await blocks.text(0);
    expect(reads).toBe(1);
    expect(blocks.footprint.usedBytes).toBeGreaterThan(0);
  });

  it('that came along with another are not asked for', async () => {
    const source = await opened();
    const asked: number[] = [];
    const blocks = new Blocks({
      ...source,
      read: async (index) => {
        asked.push(index);
        return (await Promise.all([0, 1, 2].map((more) => source.read(index + more)))).flat();
      },
    });
    for (let index = 0; index < 6; index += 1) expect(await blocks.text(index)).not.toBe('');
    expect(asked).toEqual([0, 3]);
  });

  it('take so much memory at most, and those that were used last stay', async () => {
    const asked: number[] = [];
    const blocks = new Blocks({
      header: undefined,
      blocks: Array.from({ length: 20 }, (_, at) => ({ firstAt: at, lastAt: at })),
      events: [],
      damaged: 0,
      unfinishedBytes: 0,
      read: async (index) => {
        asked.push(index);
        return [new Uint8Array(MiB)];
      },
    });
    for (let index = 0; index < 20; index += 1) {
      await blocks.text(index);
      await blocks.text(0);
      expect(blocks.footprint.usedBytes).toBeLessThanOrEqual(keptBlockBytes);
    }
    expect(asked.filter((index) => index === 0)).toHaveLength(1);
    // They are none: each is damaged, and counted once.
    expect(blocks.damaged).toBe(20);
  });

  it('are found by their times', async () => {
    const blocks = new Blocks(await opened());
    const { blocks: spans } = blocks.facts;
    expect(blocks.indexAt(startAt - 1)).toBe(-1);
    for (const [index, { firstAt, lastAt }] of spans.entries()) {
      expect(blocks.indexAt(firstAt)).toBe(index);
      expect(blocks.indexAt(lastAt)).toBe(index);
    }
  });
});
