import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createRouterClient, type RouterClient } from '@orpc/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestServer } from '#main/app.fixture.ts';
import type { ConsoleRouter } from '#main/console/router.ts';
import { type Attachment, type Bundle, maxAttachments } from '#shared/contract/incidents.ts';
import type { Capture } from '#shared/contract/profiles.ts';
import type { CaptureKind } from '#shared/vocabulary/profiles.ts';
import { MiB } from '#shared/units.ts';
import { sumOf } from '#shared/profile/ledger-groups.ts';
import { Attachments } from './attachments.ts';
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

/** The bundle's folder, unpacked with tar. */
async function unpacked(url: string, { id }: Bundle): Promise<string> {
  const file = await fetch(`${url}/api/v1/incidents/${id}`);
  await writeFile(join(folder, 'a.tar.gz'), Buffer.from(await file.arrayBuffer()));
  await run('tar', ['-xzf', 'a.tar.gz'], { cwd: folder });
  return join(folder, id);
}

type Client = RouterClient<ConsoleRouter>;

/** What has happened until now is in what is kept all the time. */
async function nextBlock(client: Client): Promise<void> {
  const bytes = async () => (await client.recordings.state()).rolling.bytes;
  // Two: the first may have been on its way already.
  for (let block = 0; block < 2; block += 1) {
    const before = await bytes();
    await expect.poll(bytes, { timeout: 20_000 }).toBeGreaterThan(before);
  }
}

/** A profile of the server that is kept. */
async function captured(client: Client, kind: CaptureKind): Promise<Capture> {
  const { id } = await client.profiles.capture({ kind, seconds: 1 });
  const found = async () => (await client.profiles.list()).captures.find((capture) => capture.id === id);
  await expect.poll(async () => (await found())?.state, { timeout: 60_000 }).toBe('ready');
  const capture = await found();
  if (!capture) throw new Error('the capture is gone');
  return capture;
}

describe('Attachments', () => {
  const pieces = (count: number, text: string) =>
    (async function* () {
      for (let at = 0; at < count; at += 1) yield Buffer.from(text);
    })();

  it('are so many bytes together, and so many files; what was refused, or is in a bundle, does not count', async () => {
    const attachments = new Attachments(join(folder, 'attached'));
    const mebibyte = 'main;grow 1\n'.padEnd(MiB, ' ');
    await expect(attachments.receive('large', pieces(65, mebibyte))).rejects.toThrow(
      'at most 64 MiB together',
    );
    await expect(attachments.receive('none', pieces(1, 'no profile'))).rejects.toThrow('nor folded stacks');
    const { id } = await attachments.receive('/etc/../..hidden', pieces(1, 'main;grow 9\n'));
    expect(attachments.get(id)).toMatchObject({ name: '_etc_.._..hidden', bytes: 12, format: 'folded' });
    const others: string[] = [];
    for (let at = 1; at < maxAttachments; at += 1)
      others.push((await attachments.receive('more', pieces(1, 'main;grow 9\n'))).id);
    await expect(attachments.receive('more', pieces(1, 'main 1\n'))).rejects.toThrow('at most 8 profiles');
    expect(await readdir(join(folder, 'attached'))).toHaveLength(maxAttachments);
    await attachments.forget([id, ...others]);
    expect(await readdir(join(folder, 'attached'))).toEqual([]);
    expect(() => attachments.get(id)).toThrow('send it again');
  }, 60_000);
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
    // Rows come a moment after their answers.
    await expect.poll(() => server.requests.total).toBe(3);
    const client = createRouterClient(server.router, { context: { role: 'operator' } });
    await client.recordings.mark({ note: '<script>alert(1)</script>' });
    await nextBlock(client);
    const answer = await fetch(`${server.url}/api/v1/incidents`, {
      method: 'POST',
      body: JSON.stringify({ note: 'it was <b>slow</b>' }),
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.status).toBe(201);
    const bundle = (await answer.json()) as Bundle;
    const inside = await unpacked(server.url, bundle);
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

  it('has the ledger, now and when it was fullest, kept profiles, and those that were sent, each with what has the most', async () => {
    await using server = await startTestServer({ recordMinutes: 15, window: 64 });
    const client = createRouterClient(server.router, { context: { role: 'operator' } });
    const path = await server.put('big', Buffer.alloc(40 * MiB, 1));
    using reader = await server.connect();
    // Asked for, and not read.
    reader.request(`GET ${path}`);
    const heldByClient = async () => {
      const { owners } = await client.profiles.owners();
      return sumOf(
        owners.filter((owner) => owner.client === '127.0.0.1'),
        'bytes',
      );
    };
    // More than the upload took.
    await expect.poll(heldByClient, { timeout: 20_000 }).toBeGreaterThan(10 * MiB);
    const kept = await captured(client, 'cpu');
    const snapshot = await captured(client, 'snapshot');
    await nextBlock(client);

    const send = async (name: string, body: Uint8Array<ArrayBuffer>) =>
      fetch(`${server.url}/api/v1/incidents/profiles?name=${encodeURIComponent(name)}`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/octet-stream' },
      });
    const pprof = new Uint8Array(
      await readFile(new URL('../profiling/fixtures/incident.pb.gz', import.meta.url)),
    );
    const sent = await send('../go heap.pb.gz', pprof);
    expect(sent.status).toBe(201);
    const attachment = (await sent.json()) as Attachment;
    expect(attachment).toMatchObject({ name: '_go_heap.pb.gz', bytes: pprof.length, format: 'pprof' });
    expect(attachment.sentence).toMatch(/^\(\*S3\)\.parallelGet\S* holds \d+ % of inuse_space, /);
    const refused = await send('heap.pb.gz', pprof.slice(0, pprof.length / 2));
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain('heap.pb.gz begins as gzip does, but is not whole');

    const bundle = await client.incidents.bundle({ note: '', attached: [attachment.id] });
    const sentences = new Map(bundle.profiles.map(({ file, sentence }) => [file, sentence]));
    expect(sentences.get('profiles/attached-_go_heap.pb.gz')).toBe(attachment.sentence);
    for (const name of ['profiles/ledger.pb.gz', 'profiles/ledger-fullest.pb.gz'])
      expect(sentences.get(name)).toMatch(/^127\.0\.0\.1 holds \d+ % of the ledger, /);
    expect(sentences.get(`profiles/${kept.name}`)).toMatch(/ took \d+ % of /);
    expect(bundle.files).toContain('profiles/ledger.ndjson');
    expect(bundle.files).not.toContain(`profiles/${snapshot.name}`);

    const inside = await unpacked(server.url, bundle);
    const owners = (await readFile(join(inside, 'profiles/ledger-fullest.ndjson'), 'utf8'))
      .trim()
      .split('\n');
    expect(owners.map((line) => (JSON.parse(line) as { client: string }).client)).toContain('127.0.0.1');
    expect(await readFile(join(inside, 'profiles/attached-_go_heap.pb.gz'))).toEqual(Buffer.from(pprof));
    const page = await readFile(join(inside, 'summary.html'), 'utf8');
    expect(page).toContain('Who held the memory when most of it was held');
    expect(page).toMatch(/<td>127\.0\.0\.1<\/td><td>[\d.]+ [KM]iB<\/td>/);
    expect(page).toMatch(/<td>test\/big<\/td>/);
    expect(page).toContain(escaped(attachment.sentence));

    // What a bundle has is not kept any more; a heap snapshot is in one when it is asked for.
    await expect(client.incidents.bundle({ attached: [attachment.id] })).rejects.toThrow('send it again');
    const chosen = await client.incidents.bundle({ captures: [snapshot.id] });
    expect(chosen.files).toContain(`profiles/${snapshot.name}`);
    expect(chosen.files).not.toContain(`profiles/${kept.name}`);
    expect(chosen.redactions.join(' ')).toContain(`profiles/${snapshot.name} has every string`);
    expect(bundle.redactions.join(' ')).not.toContain('every string');
    expect(chosen.profiles.find(({ file }) => file.endsWith('.heapsnapshot'))?.sentence).toContain('retain');
  }, 120_000);

  it('takes profiles that have a name', async () => {
    await using server = await startTestServer();
    const url = `${server.url}/api/v1/incidents/profiles`;
    for (const query of ['', '?name=', `?name=${'x'.repeat(201)}`])
      expect((await fetch(url + query, { method: 'POST', body: 'main;a 1\n' })).status).toBe(400);
    const small = await fetch(`${url}?name=stacks.folded`, {
      method: 'POST',
      body: 'main;grow 9\nmain;a 1\n',
    });
    expect(await small.json()).toMatchObject({ format: 'folded', sentence: expect.stringContaining('grow') });
  }, 60_000);

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
