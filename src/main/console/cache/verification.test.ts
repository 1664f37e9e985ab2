import { crc32 } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { startTestServer, type TestServer } from '#main/app.fixture.ts';
import { expectQuiet } from '#main/testing/gauges.ts';
import type { FullChecksum, ObjectRevision } from '#main/object-store/object-store.ts';
import { KiB } from '#shared/units.ts';
import { verify } from './verification.ts';

const bytes = Buffer.from(Array.from({ length: 700 * KiB }, (_, at) => at % 251));
const never = new AbortController().signal;

function crc32Of(content: Uint8Array): FullChecksum {
  const value = Buffer.alloc(4);
  value.writeUInt32BE(crc32(content));
  return { algorithm: 'crc32', value };
}

/** A server with the object in its memory, and what verifies that. */
async function withObject(server: TestServer, range?: string) {
  const path = await server.put('a', bytes);
  await (await server.get(path, range === undefined ? {} : { range })).arrayBuffer();
  // The transfer ends a moment after its client has all of it.
  await vi.waitFor(() => expectQuiet(server.engine), 15_000);
  const [resident] = server.engine.pool.residents();
  const object: ObjectRevision = resident?.id.object ?? { key: 'none', pin: '', length: 0 };
  const done = { bytes: 0, total: 0 };
  const report = {
    phase: () => undefined,
    done: (size: number) => void (done.bytes += size),
    total: (size: number) => void (done.total = size),
  };
  return {
    done,
    verify: (checksum: FullChecksum | undefined, signal = never) =>
      verify(
        { engine: server.engine, disk: undefined, checksumOf: async () => checksum },
        object,
        report,
        signal,
      ),
  };
}

describe('verification', () => {
  it('compares all of an object with the checksum that its store keeps', async () => {
    await using server = await startTestServer({ diskCacheBytes: 0 });
    const { verify, done } = await withObject(server);
    expect(await verify(crc32Of(bytes))).toBe(
      '3 chunks, 700 KiB intact, and all of it has the store’s crc32',
    );
    expect(done).toEqual({ bytes: bytes.length, total: bytes.length });
    expect(await verify(undefined)).toContain('the store keeps no checksum of the whole');
    expectQuiet(server.engine);
  });

  it('keeps nothing of an object that as a whole is not what its store says', async () => {
    await using server = await startTestServer({ diskCacheBytes: 0 });
    const { verify } = await withObject(server);
    await expect(verify(crc32Of(Buffer.from('other')))).rejects.toMatchObject({ code: 'STORE_MISBEHAVED' });
    expect([...server.engine.pool.residents()]).toEqual([]);
    expectQuiet(server.engine);
  });

  it('says that the whole can be compared only once all of it is cached', async () => {
    await using server = await startTestServer({ diskCacheBytes: 0 });
    const { verify } = await withObject(server, `bytes=0-${300 * KiB}`);
    expect(await verify(crc32Of(bytes))).toContain('once all of it is cached');
  });

  it('ends when it is cancelled, and gives its memory back', async () => {
    await using server = await startTestServer({ diskCacheBytes: 0 });
    const { verify } = await withObject(server);
    await expect(verify(undefined, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
    expectQuiet(server.engine);
  });
});
