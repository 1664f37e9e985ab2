import { createRouterClient } from '@orpc/server';
import { describe, expect, it, vi } from 'vitest';
import { startTestServer, type TestServer } from '#main/app.fixture.ts';
import { expectQuiet } from '#main/testing/gauges.ts';
import { cellAt, pieceStates } from '#shared/vocabulary/downloads.ts';
import { KiB, MiB } from '#shared/units.ts';
import { createConsoleRouter } from './router.ts';
import { unaskedSources } from './sources.fixture.ts';

function consoleOf({ engine }: TestServer) {
  const router = createConsoleRouter({ ...unaskedSources, engine });
  return createRouterClient(router, { context: { role: 'viewer' } }).downloads;
}

describe('downloads, as a console sees them', () => {
  it('are none before anything is fetched', async () => {
    await using server = await startTestServer();
    expect(await consoleOf(server).list()).toMatchObject({ downloads: [], forgotten: 0, usedBytes: 0 });
    await expect(consoleOf(server).detail({ id: 1, version: -1 })).rejects.toThrow('download 1');
  });

  it('have a row each, a piece for each chunk, and a cell for each chunk of the object', async () => {
    await using server = await startTestServer({ diskCacheBytes: 0 });
    const path = await server.put('large', new Uint8Array(4 * MiB));
    await (await server.get(path, { range: `bytes=${MiB}-${2 * MiB - 1}` })).arrayBuffer();
    // From then on nothing changes any more.
    await vi.waitFor(() => expectQuiet(server.engine), 15_000);
    const client = consoleOf(server);
    const { downloads } = await client.list();
    expect(downloads).toMatchObject([
      { object: 'test/large', path, objectBytes: 4 * MiB, failed: 0, active: 0, retries: 0 },
    ]);
    const [row] = downloads;
    const detail = await client.detail({ id: row?.id ?? 0, version: -1 });
    expect(detail).toMatchObject({ chunkBytes: 256 * KiB, chunksPerCell: 1, firstRow: 0 });
    expect(detail.cells).toHaveLength(16);
    const { index, completeAt, askedAt, queuedAt, state } = detail.pieces;
    expect(index.slice(0, 4)).toEqual([4, 5, 6, 7]);
    expect(index.length).toBe(row?.done);
    for (const [piece, at] of completeAt.entries()) {
      expect(askedAt[piece]).toBeGreaterThanOrEqual(queuedAt[piece] ?? Number.NaN);
      expect(at).toBeGreaterThanOrEqual(askedAt[piece] ?? Number.NaN);
      expect(['held', 'cached']).toContain(pieceStates[state[piece] ?? -1]);
      expect(['held', 'cached']).toContain(cellAt(detail.cells, index[piece] ?? -1));
    }
    expect(cellAt(detail.cells, 0)).toBe('never');
    // Who goes on from a version gets what has changed since.
    const next = await client.detail({ id: row?.id ?? 0, version: detail.version });
    expect(next.pieces.row).toEqual([]);
  });

  it('say where a chunk lies after it was evicted, and that it was read again', async () => {
    await using server = await startTestServer({ memoryCacheBytes: 0 });
    const path = await server.put('two', new Uint8Array(512 * KiB));
    const read = async (): Promise<unknown> => (await server.get(path)).arrayBuffer();
    await read();
    const client = consoleOf(server);
    const detail = async () => client.detail({ id: 1, version: -1 });
    await expect.poll(async () => (await detail()).cells).toBe('jj');
    const kept = await detail();
    expect([0, 1].map((index) => cellAt(kept.cells, index))).toEqual(['disk', 'disk']);
    expect(kept.pieces.state.map((code) => pieceStates[code])).toEqual(['evicted', 'evicted']);
    await read();
    expect((await detail()).pieces.tier).toEqual([2, 2]);
    expect((await client.list()).downloads).toHaveLength(1);
  });

  it('name the lanes of the transfers that read them', async () => {
    await using server = await startTestServer();
    const path = await server.put('large', new Uint8Array(24 * MiB));
    const stalled = await server.connect();
    stalled.request(`GET ${path}`);
    const client = consoleOf(server);
    const lanes = async () => (await client.detail({ id: 1, version: -1 }).catch(() => undefined))?.lanes;
    await expect.poll(lanes).toHaveLength(1);
    expect(await lanes()).toEqual([...server.engine.transfers].map(({ id }) => id));
    stalled[Symbol.dispose]();
  });
});
