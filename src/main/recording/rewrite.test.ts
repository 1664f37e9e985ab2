import { mkdtemp, open, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestServer } from '#main/app.fixture.ts';
import { readBlock } from '#shared/recording/reader.ts';
import type { RecordingHeader, RecordingRecord } from '#shared/recording/records.ts';
import { MiB } from '#shared/units.ts';
import { BlockBuilder } from './block-builder.ts';
import { fileSource, nodeCodec } from './node-codec.ts';
import { RecordingFile } from './recording-file.ts';
import { SavedRecordings } from './saved.ts';

const id = '20260131T140211Z-saved-00000001';
const header: RecordingHeader = {
  id,
  name: 'Before',
  note: 'a note',
  origin: 'saved',
  createdAt: 1000,
  server: { version: '1', url: 'http://127.0.0.1:1/', store: 'embedded', host: 'here', startedAt: 1 },
};
const gap = (at: number): RecordingRecord => ({ kind: 'gap', at, droppedFrames: 1 });
const mark = (at: number, name: string): RecordingRecord => ({
  kind: 'mark',
  at,
  mark: { id: name, at, note: `note of ${name}` },
});

let folder = '';
let saved: SavedRecordings;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-rewrite-'));
  saved = await SavedRecordings.open(folder, 64 * MiB);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A recording of three blocks: one without a mark, one with two, one with a mark alone. */
async function recorded(): Promise<void> {
  const file = await RecordingFile.create(saved.incomingPath(id), header);
  for (const records of [
    [gap(1000), gap(1500)],
    [gap(3000), mark(3100, 'one'), mark(3200, 'two'), gap(3300)],
    [mark(5000, 'three')],
  ]) {
    const builder = new BlockBuilder();
    for (const record of records) builder.add(record);
    await file.append(await builder.take()());
  }
  await file.close();
  await saved.publish(id, file.path);
}

async function blockLines(): Promise<readonly (readonly string[])[]> {
  const { path } = await saved.file(id);
  await using file = await open(path, 'r');
  const source = await fileSource(file);
  const { blocks } = await saved.contents(id);
  const lines: string[][] = [];
  // Blocks lie one after the other, from the end of the header on, which is ASCII.
  let offset = (await source.read(0, source.length)).indexOf(0xf5);
  for (const bytes of blocks.bytes) {
    const text = (await readBlock(source, nodeCodec, { offset, bytes })) ?? 'damaged';
    lines.push(text.split('\n').filter((line) => line !== ''));
    offset += bytes;
  }
  return lines;
}

describe('A saved recording', () => {
  it('gets another name and note, and keeps everything else', async () => {
    await recorded();
    const before = await blockLines();
    const summary = await saved.change(id, { header: { name: 'Nach dem Ausfall: 遅い', note: '' } });
    expect(summary).toMatchObject({ id, name: 'Nach dem Ausfall: 遅い', note: '', isWhole: true, marks: 3 });
    expect((await saved.contents(id)).header).toEqual({
      ...header,
      name: 'Nach dem Ausfall: 遅い',
      note: '',
    });
    expect(await blockLines()).toEqual(before);
    expect(await saved.change(id, { header: { note: 'only this' } })).toMatchObject({
      name: 'Nach dem Ausfall: 遅い',
      note: 'only this',
    });
  });

  it('gets another note for a mark, and loses one, also the only record of a block', async () => {
    await recorded();
    await saved.change(id, { mark: { id: 'one', note: 'another' } });
    const notes = async () =>
      (await saved.contents(id)).events.map((event) => (event.kind === 'mark' ? event.mark.note : ''));
    expect(await notes()).toEqual(['another', 'note of two', 'note of three']);
    expect(await saved.change(id, { mark: { id: 'three' } })).toMatchObject({ marks: 2, isWhole: true });
    expect(await saved.change(id, { mark: { id: 'two' } })).toMatchObject({ marks: 1 });
    expect(await notes()).toEqual(['another']);
    const lines = await blockLines();
    expect(lines.map((each) => each.length)).toEqual([2, 3, 0]);
    expect(lines[1]?.[1]).toContain('"note":"another"');
  });

  it('stays as it is when the mark is not in it, and when it is damaged', async () => {
    await recorded();
    const before = await saved.summary(id);
    await expect(saved.change(id, { mark: { id: 'none', note: 'x' } })).rejects.toThrow(
      'this mark is not in the recording',
    );
    await expect(saved.change('20260131T140211Z-saved-00000009', { header: {} })).rejects.toThrow(
      'there is no recording',
    );
    expect(await saved.summary(id)).toEqual(before);
    expect(await readdir(folder)).toEqual([`${id}.sluicerec`]);
    await truncate(join(folder, `${id}.sluicerec`), before.bytes - 20);
    await expect(saved.change(id, { header: { name: 'x' } })).rejects.toThrow(
      'damaged, and is kept as it is',
    );
  });

  it('is the old one after an end while it was written anew', async () => {
    await recorded();
    await writeFile(saved.incomingPath(id), 'half of it');
    const next = await SavedRecordings.open(folder, 64 * MiB);
    expect(await next.summary(id)).toMatchObject({ name: 'Before' });
    expect(await readdir(folder)).toEqual([`${id}.sluicerec`]);
  });

  it('is changed and removed one after the other', async () => {
    await recorded();
    const [renamed, removed, gone] = await Promise.allSettled([
      saved.change(id, { header: { name: 'x' } }),
      saved.remove(id),
      saved.change(id, { header: { name: 'y' } }),
    ]);
    expect([renamed.status, removed.status, gone.status]).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('Consoles', () => {
  it('change names, notes and marks of recordings as operators, and see the newest marks', async () => {
    await using server = await startTestServer({ recordMinutes: 15, recordBytes: 8 * MiB });
    const client = createRouterClient(server.router, { context: { role: 'operator' } });
    const viewer = createRouterClient(server.router, { context: { role: 'viewer' } });
    expect(await viewer.recordings.marks({})).toEqual({ version: 0, marks: [] });
    const made = await client.recordings.mark({ note: 'now' });
    expect(await viewer.recordings.marks({ seen: 0 })).toEqual({ version: 1, marks: [made] });
    expect(await viewer.recordings.marks({ seen: 1 })).toEqual({ version: 1, marks: [] });
    await expect
      .poll(async () => (await client.recordings.state()).rolling.bytes, { timeout: 20_000 })
      .toBeGreaterThan(500);
    const { id: recording } = await client.recordings.save({});
    await expect(viewer.recordings.edit({ id: recording, name: 'x' })).rejects.toThrow('operator role');
    await expect(viewer.recordings.removeMark({ id: recording, mark: made.id })).rejects.toThrow(
      'operator role',
    );
    const patched = await fetch(`${server.url}/api/v1/recordings/${recording}`, {
      method: 'PATCH',
      body: JSON.stringify({ name: 'Named' }),
      headers: { 'content-type': 'application/json' },
    });
    expect(await patched.json()).toMatchObject({ name: 'Named', note: '' });
    expect(await client.recordings.edit({ id: recording, note: 'Noted' })).toMatchObject({
      name: 'Named',
      note: 'Noted',
    });
    await client.recordings.editMark({ id: recording, mark: made.id, note: 'then' });
    expect((await viewer.recordings.open({ id: recording })).events).toMatchObject([
      { mark: { note: 'then' } },
    ]);
    expect(await client.recordings.removeMark({ id: recording, mark: made.id })).toMatchObject({ marks: 0 });
  });
});
