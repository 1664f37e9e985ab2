import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRecording } from '#shared/recording/reader.ts';
import type { RecordingHeader } from '#shared/recording/records.ts';
import { encodeRecords } from '#shared/recording/writer.ts';
import { KiB, MiB } from '#shared/units.ts';
import { open } from 'node:fs/promises';
import { fileSource, nodeCodec } from './node-codec.ts';
import type { EncodedBlock } from './recording-file.ts';
import { Rolling } from './rolling.ts';

const header: RecordingHeader = {
  id: 'rolling',
  name: '',
  note: '',
  origin: 'rolling',
  createdAt: 0,
  server: { version: '', url: '', store: '', host: '', startedAt: 0 },
};

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-rolling-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** A block that does not get smaller by compression. */
async function block(at: number, bytes: number): Promise<EncodedBlock> {
  const lines = [`"${randomBytes(bytes).toString('base64')}"\n`];
  const span = { firstAt: at, lastAt: at + 1999, hasEvents: false };
  return {
    data: await encodeRecords({ lines, ...span }, nodeCodec),
    ...span,
    records: 1,
    events: [],
  };
}

async function onDisk(): Promise<number> {
  const names = await readdir(directory);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(directory, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

function rolling(limits: { readonly limitMs: number; readonly limitBytes: number }): Rolling {
  return new Rolling({ directory, ...limits, header: () => header, onTurn: () => undefined });
}

describe('Rolling', () => {
  it('is never larger than its limit, and keeps the newest', async () => {
    const limitBytes = 8 * MiB;
    const kept = rolling({ limitMs: 3_600_000, limitBytes });
    let largest = 0;
    for (let at = 0; at < 120_000; at += 2000) {
      await kept.append(await block(at, 300 * KiB));
      largest = Math.max(largest, await onDisk());
    }
    await kept.close();
    largest = Math.max(largest, await onDisk());
    expect(largest).toBeLessThanOrEqual(limitBytes);
    expect(largest).toBeGreaterThan(limitBytes * 0.8);
    expect(await onDisk()).toBeLessThanOrEqual(limitBytes);
  });

  it('stays within its limits for a day', async () => {
    const limitBytes = 2 * MiB;
    const limitMs = 900_000;
    const kept = rolling({ limitMs, limitBytes });
    const written = await block(0, 6 * KiB);
    let largest = 0;
    for (let at = 0; at < 86_400_000; at += 5000) {
      await kept.append({ ...written, firstAt: at, lastAt: at + 4999 });
      // A segment is removed as a whole, so there is up to a minute more.
      expect(at - (kept.firstAt ?? 0)).toBeLessThanOrEqual(limitMs + 65_000);
      expect(kept.bytes).toBeLessThanOrEqual(limitBytes);
      if (at % 3_600_000 === 0) largest = Math.max(largest, await onDisk());
    }
    // It is full, or the limits would mean nothing.
    expect(kept.bytes).toBeGreaterThan(MiB);
    await kept.close();
    expect(Math.max(largest, await onDisk())).toBeLessThanOrEqual(limitBytes);
  }, 120_000);

  it('goes back as far as it should, in segments that can be read by themselves', async () => {
    const kept = rolling({ limitMs: 180_000, limitBytes: 64 * MiB });
    for (let at = 0; at < 600_000; at += 2000) await kept.append(await block(at, 100));
    expect(kept.firstAt).toBeLessThanOrEqual(600_000 - 180_000);
    expect(kept.firstAt).toBeGreaterThanOrEqual(600_000 - 180_000 - 62_000);
    const times: number[] = [];
    for await (const { entry } of kept.blocks(500_000, 550_000)) times.push(entry.firstAt);
    expect(times[0]).toBeLessThanOrEqual(500_000);
    expect(times[0]).toBeGreaterThan(500_000 - 62_000);
    expect(times.at(-1)).toBe(550_000);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    await kept.close();
    for (const name of await readdir(directory)) {
      await using file = await open(join(directory, name), 'r');
      expect(await openRecording(await fileSource(file), nodeCodec)).toMatchObject({ isClosed: true });
    }
  });
});
