import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createRouterClient } from '@orpc/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestServer } from '#main/app.fixture.ts';
import type { Bundle } from '#shared/contract/incidents.ts';
import { MiB } from '#shared/units.ts';
import { escaped, render } from './markup.ts';
import { tarOf } from './tar.ts';

const run = promisify(execFile);
let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-incident-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('tarOf', () => {
  it('writes what tar reads', async () => {
    const contents = [0, 1, 511, 512, 513, 70_000].map((bytes) => Buffer.alloc(bytes, String(bytes)));
    const files = contents.map((content, at) => ({
      name: `folder/file-${at}.txt`,
      bytes: content.length,
      content: [content],
    }));
    const pieces: Uint8Array[] = [];
    for await (const piece of tarOf(files, 1_700_000_000_000)) pieces.push(piece);
    await writeFile(join(folder, 'a.tar'), Buffer.concat(pieces));
    await run('tar', ['-xf', 'a.tar'], { cwd: folder });
    for (const [at, content] of contents.entries())
      expect(await readFile(join(folder, 'folder', `file-${at}.txt`))).toEqual(content);
  });

  it('refuses a file that is not as long as it said, and a name that leads elsewhere', async () => {
    const all = async (name: string, bytes: number) => {
      for await (const piece of tarOf([{ name, bytes, content: [Buffer.alloc(3)] }], 0)) void piece;
    };
    await expect(all('short', 4)).rejects.toThrow('short has 3 bytes, and should have 4');
    await expect(all('a\nb', 3)).rejects.toThrow('no name for a file');
  });
});

describe('markup', () => {
  it('escapes whatever is put in', () => {
    const evil = `<img src=x onerror="a('&')">`;
    expect(render`<p title="${evil}">${evil}</p>`.text).toBe(
      `<p title="${escaped(evil)}">${escaped(evil)}</p>`,
    );
    expect(escaped(evil)).toBe('&lt;img src=x onerror=&quot;a(&#39;&amp;&#39;)&quot;&gt;');
  });
});

describe('An incident', () => {
  it('is one file with the recording, a page that opens anywhere, and no secrets', async () => {
    await using server = await startTestServer({
      recordMinutes: 15,
      alertWebhook: 'http://127.0.0.1:9/hooks/very-secret?key=hidden',
    });
    const path = await server.put('big', Buffer.alloc(2 * MiB, 1));
    await (await server.get(path)).arrayBuffer();
    await (await server.get(path, { range: 'bytes=99999999-' })).arrayBuffer();
    const client = createRouterClient(server.router, { context: { role: 'operator' } });
    await client.recordings.mark({ note: '<script>alert(1)</script>' });
    await expect
      .poll(async () => (await client.recordings.state()).rolling.bytes, { timeout: 20_000 })
      .toBeGreaterThan(1000);
    const answer = await fetch(`${server.url}/api/v1/incidents`, {
      method: 'POST',
      body: JSON.stringify({ note: 'it was <b>slow</b>' }),
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.status).toBe(201);
    const bundle = (await answer.json()) as Bundle;
    const file = await fetch(`${server.url}/api/v1/incidents/${bundle.id}`);
    await writeFile(join(folder, 'a.tar.gz'), Buffer.from(await file.arrayBuffer()));
    await run('tar', ['-xzf', 'a.tar.gz'], { cwd: folder });
    const inside = join(folder, bundle.id);
    const found = await readdir(inside, { recursive: true });
    expect(found.filter((name) => name !== 'profiles').toSorted()).toEqual(bundle.files.toSorted());
    const read = (name: string) => readFile(join(inside, name), 'utf8');

    const page = await read('summary.html');
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).toContain('it was &lt;b&gt;slow&lt;/b&gt;');
    expect(page).not.toMatch(/<script|<link|src=|href=/);
    expect(page).toMatch(/<td>416<\/td><td>1<\/td>/);
    expect(page).toContain('The ledger stayed within the budget.');
    expect(await read('recording.sluicerec')).toMatch(/^SLUICREC/);
    expect(await read('notes.txt')).toContain('it was <b>slow</b>');
    expect(JSON.parse(await read('versions.json'))).toMatchObject({ runtime: { node: expect.any(String) } });

    const cpu = JSON.parse(await read('profiles/cpu.cpuprofile')) as { nodes: unknown[] };
    expect(cpu.nodes.length).toBeGreaterThan(1);
    expect(JSON.parse(await read('profiles/allocations.heapprofile'))).toHaveProperty('head');

    const settings = await read('settings.json');
    expect(settings).toContain('"http://127.0.0.1:9/…"');
    expect(await read('redactions.txt')).toContain('settings.json: alertWebhook: path and query of the URL');
    for (const name of bundle.files) expect(await read(name)).not.toMatch(/very-secret|hidden/);
  });

  it('is for operators, of a recording that there is, and the newest three are kept', async () => {
    await using server = await startTestServer();
    const viewer = createRouterClient(server.router, { context: { role: 'viewer' } });
    const client = createRouterClient(server.router, { context: { role: 'operator' } });
    await expect(viewer.incidents.bundle({})).rejects.toThrow('operator role');
    await expect(client.incidents.bundle({})).rejects.toThrow('--record-minutes is 0');
    await expect(client.incidents.bundle({ recording: '20260131T140211Z-saved-00000000' })).rejects.toThrow(
      'there is no recording',
    );
    await client.recordings.start({ name: 'By hand', note: '' });
    await client.recordings.mark({ note: '' });
    const { id: recording } = await client.recordings.stop();
    const ids: string[] = [];
    for (let at = 0; at < 4; at += 1) ids.push((await client.incidents.bundle({ recording })).id);
    const statuses = await Promise.all(
      ids.map(async (id) => (await fetch(`${server.url}/api/v1/incidents/${id}`)).status),
    );
    expect(statuses.filter((status) => status === 200).length).toBe(3);
    const { bundles } = await client.incidents.list();
    expect(bundles.map(({ id }) => id)).toEqual(ids.slice(1).toReversed());
    expect(bundles[0]).toMatchObject({
      recording,
      note: '',
      files: expect.arrayContaining(['summary.html']),
    });
    await expect(viewer.incidents.list()).rejects.toThrow('operator role');
    expect(await client.incidents.remove({ id: ids[3] ?? '' })).toEqual({ removed: true });
    expect(await client.incidents.remove({ id: ids[3] ?? '' })).toEqual({ removed: false });
    expect((await client.incidents.list()).bundles.map(({ id }) => id)).toEqual([ids[2], ids[1]]);
    for (const id of ['..%2f..%2fsettings', 'x'])
      expect((await fetch(`${server.url}/api/v1/incidents/${id}`)).status).toBe(404);
  }, 60_000);
});
