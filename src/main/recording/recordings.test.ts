import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { createRouterClient } from '@orpc/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startServerProcess, type ServerProcess } from '#main/app-process.fixture.ts';
import { startTestServer } from '#main/app.fixture.ts';
import type { ByteSource } from '#shared/recording/codec.ts';
import type { RecordingList, RecordingSummary } from '#shared/recording/model.ts';
import { blockText, openRecording, readBlock } from '#shared/recording/reader.ts';
import { parseRecords, type RecordingRecord } from '#shared/recording/records.ts';
import { MiB } from '#shared/units.ts';
import { nodeCodec } from './node-codec.ts';

const recording = { recordMinutes: 15, recordBytes: 8 * MiB };

function sourceOf(bytes: Uint8Array): ByteSource {
  return { length: bytes.length, read: async (start, end) => bytes.slice(start, end) };
}

async function recordsOf(bytes: Uint8Array): Promise<readonly RecordingRecord[]> {
  const source = sourceOf(bytes);
  const opened = await openRecording(source, nodeCodec);
  const records: RecordingRecord[] = [];
  for (const block of opened.blocks) {
    const parsed = parseRecords((await readBlock(source, nodeCodec, block)) ?? '');
    expect(parsed.unreadable).toBe(0);
    records.push(...parsed.records);
  }
  return records;
}

const post = (url: string, input: object = {}) =>
  fetch(url, {
    method: 'POST',
    body: JSON.stringify(input),
    headers: { 'content-type': 'application/json' },
  });

/** Whether answers followed each other about as fast as they were asked for. */
function cameSteadily(times: readonly number[]): boolean {
  return times.every((at, index) => at - (times[index - 1] ?? at) < 150);
}

const listOf = async (url: string) =>
  (await (await fetch(`${url}/api/v1/recordings`)).json()) as RecordingList;

describe('Recordings', () => {
  it('have frames, requests, downloads and marks, are served as files and read in pages', async () => {
    await using server = await startTestServer(recording);
    const client = createRouterClient(server.router, { context: { role: 'operator' } });
    const path = await server.put('seen', Buffer.alloc(MiB, 7));
    await (await server.get(path)).arrayBuffer();
    const mark = await client.recordings.mark({ note: 'now it is slow' });
    await expect
      .poll(async () => (await client.recordings.state()).rolling.bytes, { timeout: 20_000 })
      .toBeGreaterThan(1000);
    const answer = await post(`${server.url}/api/v1/recordings`, {
      lastMs: 60_000,
      name: 'Slow',
      note: 'see',
    });
    expect(answer.status).toBe(201);
    const saved = (await answer.json()) as RecordingSummary;
    expect(saved).toMatchObject({ name: 'Slow', note: 'see', origin: 'saved', isWhole: true, marks: 1 });

    const file = await fetch(`${server.url}/api/v1/recordings/${saved.id}`);
    expect(file.headers.get('content-disposition')).toBe(`attachment; filename="${saved.id}.sluicerec"`);
    const bytes = new Uint8Array(await file.arrayBuffer());
    expect(bytes.length).toBe(saved.bytes);
    const records = await recordsOf(bytes);
    const frames = records.flatMap((record) => (record.kind === 'frame' ? [record.frame] : []));
    expect(frames.flatMap(({ requests }) => requests).map(({ target }) => target)).toContain('test/seen');
    expect(records).toContainEqual({ kind: 'mark', at: expect.any(Number), mark });
    expect(records.some(({ kind }) => kind === 'downloads')).toBe(true);
    const ledgers = records.flatMap((record) => (record.kind === 'owners' ? [record.ledger] : []));
    expect(ledgers.length).toBeGreaterThan(0);
    for (const { owners, totalBytes } of ledgers)
      expect(owners.reduce((sum, { bytes: each }) => sum + each, 0)).toBe(totalBytes);

    const contents = await client.recordings.open({ id: saved.id });
    expect(contents.summary).toEqual(saved);
    expect(contents.events).toEqual([{ kind: 'mark', at: expect.any(Number), mark }]);
    const pages: RecordingRecord[] = [];
    for (let from: number | undefined = 0; from !== undefined;) {
      const page: { blocks: string[]; next?: number | undefined } = await client.recordings.read({
        id: saved.id,
        from,
      });
      for (const block of page.blocks) {
        const text = await blockText(Buffer.from(block, 'base64'), nodeCodec);
        pages.push(...parseRecords(text ?? '').records);
      }
      from = page.next;
    }
    expect(pages).toEqual(records);

    expect((await fetch(`${server.url}/api/v1/recordings/${saved.id}`, { method: 'DELETE' })).status).toBe(
      204,
    );
    expect((await listOf(server.url)).recordings).toEqual([]);
    expect((await fetch(`${server.url}/api/v1/recordings/${saved.id}`)).status).toBe(404);
  });

  it('are started and stopped by hand, one at a time, also when nothing is kept all the time', async () => {
    await using server = await startTestServer();
    const client = createRouterClient(server.router, { context: { role: 'operator' } });
    await expect(client.recordings.mark({ note: '' })).rejects.toThrow('nothing is being recorded');
    await expect(client.recordings.save({})).rejects.toThrow('--record-minutes is 0');
    await expect(client.recordings.stop()).rejects.toThrow('no recording goes on');
    const { manual } = await client.recordings.start({ name: 'By hand', note: '' });
    expect(manual).toMatchObject({ name: 'By hand' });
    await expect(client.recordings.start({ name: '', note: '' })).rejects.toThrow('goes on already');
    await client.recordings.mark({ note: 'a mark' });
    const stopped = await client.recordings.stop();
    expect(stopped).toMatchObject({ id: manual?.id, origin: 'manual', marks: 1, isWhole: true });
    const state = await client.recordings.state();
    expect(state.manual).toBeUndefined();
    expect(state.rolling).toMatchObject({ isOn: false, bytes: 0 });
  });

  it('are for operators to change, and for viewers to look at', async () => {
    await using server = await startTestServer(recording);
    const viewer = createRouterClient(server.router, { context: { role: 'viewer' } });
    expect((await viewer.recordings.list()).recordings).toEqual([]);
    await expect(viewer.recordings.save({})).rejects.toThrow('operator role');
    await expect(viewer.recordings.start({ name: '', note: '' })).rejects.toThrow('operator role');
    await expect(viewer.recordings.mark({ note: '' })).rejects.toThrow('operator role');
    await expect(viewer.recordings.remove({ id: '20260131T140211Z-saved-00000000' })).rejects.toThrow(
      'operator role',
    );
  });

  it('are refused in a sentence when there is no room, and when a name is no recording', async () => {
    await using server = await startTestServer({ ...recording, savedRecordingsBytes: 1000 });
    await post(`${server.url}/api/v1/recordings/mark`, { note: 'x'.repeat(2000) });
    await expect
      .poll(async () => (await listOf(server.url)).state.rolling.bytes, { timeout: 20_000 })
      .toBeGreaterThan(1000);
    const refused = await post(`${server.url}/api/v1/recordings`);
    expect(refused.status).toBe(413);
    expect(await refused.json()).toMatchObject({ message: expect.stringContaining('remove some, or raise') });
    for (const id of ['..%2f..%2fsettings', 'x', '20260131T140211Z-saved-00000000'])
      expect((await fetch(`${server.url}/api/v1/recordings/${id}`)).status).toBe(404);
  });
});

describe('What a server has left', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-left-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const start = (): Promise<ServerProcess> =>
    startServerProcess({
      flags: { dataDir: join(folder, 'data'), store: pathToFileURL(join(folder, 'store')).href },
      lease: { ttlMs: 1000, pollMs: 300 },
    });

  it('is all but the last second of what a server did that was killed while it wrote', async () => {
    const answered: number[] = [];
    {
      await using killed = await start();
      // Blocks of two seconds would all be found out when one has just been written.
      const { bytes } = (await listOf(killed.url)).state.rolling;
      await expect
        .poll(async () => (await listOf(killed.url)).state.rolling.bytes, { timeout: 20_000, interval: 20 })
        .toBeGreaterThan(bytes);
      // At its end the server must not have been held up: what it was late with, it would not have written.
      for (let seq = 0; seq < 32 || (seq < 200 && !cameSteadily(answered.slice(-24))); seq += 1) {
        const answer = await fetch(`${killed.url}/git/request-${seq}/snapshot.tar.zst`);
        await answer.arrayBuffer();
        answered.push(Date.now());
        await setTimeout(50);
      }
      await killed.kill();
    }
    // Not when it was seen to be dead, which may be later.
    const lastAt = Math.max(...answered);
    await using next = await start();
    const [left] = (await listOf(next.url)).recordings;
    const file = await fetch(`${next.url}/api/v1/recordings/${left?.id}`);
    const records = await recordsOf(new Uint8Array(await file.arrayBuffer()));
    const rows = records.flatMap((record) => (record.kind === 'frame' ? record.frame.requests : []));
    const recorded = new Set(rows.map(({ target }) => target.match(/request-(\d+)/)?.[1]));
    const lost = answered.filter((at, seq) => at < lastAt - 1000 && !recorded.has(String(seq)));
    expect(lost).toEqual([]);
    expect(recorded.size).toBeGreaterThan(10);
  }, 90_000);

  it('is offered at the next start after it was killed, to the last block; later what ended in order', async () => {
    {
      await using killed = await start();
      await post(`${killed.url}/api/v1/recordings/start`, { name: 'Cut off' });
      await post(`${killed.url}/api/v1/recordings/mark`, { note: 'before the end' });
      const written = async () => (await listOf(killed.url)).state.manual?.bytes ?? 0;
      await expect.poll(written, { timeout: 20_000 }).toBeGreaterThan(2000);
      // Two more blocks: the first may have been on its way before the mark.
      for (let block = 0; block < 2; block += 1) {
        const bytes = await written();
        await expect.poll(written, { timeout: 20_000 }).toBeGreaterThan(bytes);
      }
      await killed.kill();
    }
    {
      await using next = await start();
      const { recordings } = await listOf(next.url);
      expect(recordings.map(({ origin, name }) => `${origin} ${name}`).toSorted()).toEqual([
        'recovered ',
        'recovered Cut off',
      ]);
      for (const { id, isWhole, marks } of recordings) {
        expect([isWhole, marks]).toEqual([true, 1]);
        const file = await fetch(`${next.url}/api/v1/recordings/${id}`);
        const records = await recordsOf(new Uint8Array(await file.arrayBuffer()));
        expect(records.some(({ kind }) => kind === 'frame')).toBe(true);
        expect(records.find(({ kind }) => kind === 'mark')).toMatchObject({
          mark: { note: 'before the end' },
        });
      }
      const rolling = await readdir(join(folder, 'data', 'recordings', 'rolling'));
      expect(rolling.length).toBeLessThanOrEqual(1);
      await post(`${next.url}/api/v1/recordings/mark`, { note: 'in order' });
    }
    await writeFile(
      join(folder, 'data', 'recordings', 'rolling', '1-1-00000000-1.sluicerec'),
      'no recording',
    );
    await using last = await start();
    const { recordings } = await listOf(last.url);
    expect(recordings.map(({ origin }) => origin).toSorted()).toEqual(['previous', 'recovered', 'recovered']);
  }, 90_000);
});
