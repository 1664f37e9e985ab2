import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { startTestServer } from '#main/app.fixture.ts';
import { expectQuiet } from '#main/testing/gauges.ts';
import { MiB } from '#shared/units.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('more cold objects at a time than there are slabs and permits', () => {
  it('are all sent: no request waits for memory with a permit in its hand', async () => {
    // Four slabs and two permits.
    await using server = await startTestServer({
      store: 'embedded',
      memoryBudgetBytes: 32 * MiB,
      chunkBytes: 4 * MiB,
      maxConnections: 2,
      diskCacheBytes: 0,
    });
    const objects = Array.from({ length: 10 }, (_, index) => ({
      key: `cold-${index}`,
      bytes: randomBytes(9 * MiB + index),
    }));
    const paths: string[] = [];
    for (const { key, bytes } of objects) paths.push(await server.put(key, bytes));
    const bodies = await Promise.all(
      paths.map(async (path) => new Uint8Array(await (await server.get(path)).arrayBuffer())),
    );
    expect(bodies.map(sha256)).toEqual(objects.map(({ bytes }) => sha256(bytes)));
    // Transfers end a moment after their clients have all of it.
    await vi.waitFor(() => expectQuiet(server.engine), 15_000);
  });
});
