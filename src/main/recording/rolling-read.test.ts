import { createRouterClient } from '@orpc/server';
import { describe, expect, it } from 'vitest';
import { startTestServer } from '#main/app.fixture.ts';
import { MiB } from '#shared/units.ts';
import { rollingId } from '#shared/recording/model.ts';
import { framesOf } from '#shared/recording/frames.ts';
import { blockText } from '#shared/recording/reader.ts';
import type { Frame } from '#shared/model.ts';
import { nodeCodec } from './node-codec.ts';

const recording = { recordMinutes: 15, recordBytes: 8 * MiB };

describe('What is kept all the time', () => {
  it('can be opened and read without being saved, and goes on', async () => {
    await using server = await startTestServer(recording);
    const client = createRouterClient(server.router, { context: { role: 'viewer' } });
    const path = await server.put('seen', Buffer.alloc(MiB, 7));
    await (await server.get(path)).arrayBuffer();
    const blocksNow = async (): Promise<number> =>
      (await client.recordings.open({ id: rollingId })).blocks.bytes.length;
    // Blocks of before do not have what was seen.
    const before = await blocksNow();
    await expect.poll(blocksNow, { timeout: 20_000 }).toBeGreaterThan(before + 2);
    const opened = await client.recordings.open({ id: rollingId });
    expect(opened).toMatchObject({ firstBlock: 0, damaged: 0, header: { origin: 'rolling' } });
    const frames: Frame[] = [];
    for (let from: number | undefined = 0; from !== undefined;) {
      const page: { blocks: string[]; next?: number | undefined } = await client.recordings.read({
        id: rollingId,
        from,
      });
      for (const block of page.blocks)
        frames.push(...framesOf((await blockText(Buffer.from(block, 'base64'), nodeCodec)) ?? '').frames);
      from = page.next;
    }
    expect(frames.flatMap(({ requests }) => requests).map(({ target }) => target)).toContain('test/seen');
    expect(frames.length).toBeGreaterThanOrEqual(opened.blocks.bytes.length);
    // Later blocks have later numbers; none is there yet behind the last.
    const { blocks } = await client.recordings.read({ id: rollingId, from: 1_000_000 });
    expect(blocks).toEqual([]);
    await expect.poll(blocksNow, { timeout: 20_000 }).toBeGreaterThan(opened.blocks.bytes.length);
  });

  it('is not there where nothing is kept', async () => {
    await using server = await startTestServer();
    const client = createRouterClient(server.router, { context: { role: 'viewer' } });
    await expect(client.recordings.open({ id: rollingId })).rejects.toThrow('--record-minutes is 0');
  });
});
