import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createRouterClient } from '@orpc/server';
import { describe, expect, it, vi } from 'vitest';
import { Tokens } from '#main/access/tokens.ts';
import { startTestServer } from '#main/app.fixture.ts';
import { expectQuiet } from '#main/testing/gauges.ts';
import { captureSchema } from '#shared/contract/profiles.ts';
import { maxReadBytes } from '#shared/vocabulary/profiles.ts';
import { labelsOf } from '#shared/profile/labels.ts';
import type { LedgerOwner } from '#shared/profile/ledger-owner.ts';
import { readProfile } from '#shared/profile/read.ts';
import { top } from '#shared/profile/top.ts';

describe('profiles of the server', () => {
  it('A profile of the server itself is begun by POST /api/v1/profiles, followed in the list, fetched, and removed.', async () => {
    await using server = await startTestServer();
    const url = `${server.url}/api/v1/profiles`;
    const begin = async (seconds: number) => {
      const body = JSON.stringify({ kind: 'heap', seconds });
      const begun = await fetch(url, { method: 'POST', body });
      expect(begun.status).toBe(202);
      return captureSchema.parse(await begun.json()).id;
    };
    // So long that it is still being taken when it is asked for, however late that is.
    const long = await begin(300);
    const second = await fetch(url, { method: 'POST', body: JSON.stringify({ kind: 'cpu' }) });
    expect([second.status, await second.text()]).toEqual([503, expect.stringContaining('is being taken')]);
    const early = await server.get(`/api/v1/profiles/${long}`);
    expect(early.status).toBe(404);
    await early.arrayBuffer();
    expect((await fetch(`${url}/${long}`, { method: 'DELETE' })).status).toBe(204);
    const id = await begin(1);
    const captures = async () =>
      ((await (await fetch(url)).json()) as { readonly captures: unknown }).captures;
    await expect.poll(captures, { timeout: 20_000 }).toMatchObject([{ id, state: 'ready' }]);
    const file = await server.get(`/api/v1/profiles/${id}`);
    expect(file.headers.get('content-disposition')).toMatch(
      /filename="sluice-heap-\d{8}T\d{6}Z\.heapprofile"/,
    );
    const bytes = new Uint8Array(await file.arrayBuffer());
    expect(await readProfile(bytes, 'it')).toMatchObject({ profile: { format: 'heapprofile' } });

    const client = createRouterClient(server.router, { context: { role: 'operator' } });
    const pieces: Buffer[] = [];
    for (let offset: number | undefined = 0; offset !== undefined;) {
      const { base64, next }: { base64: string; next?: number | undefined } = await client.profiles.read({
        id,
        offset,
      });
      pieces.push(Buffer.from(base64, 'base64'));
      expect(pieces.at(-1)?.length).toBeLessThanOrEqual(maxReadBytes);
      offset = next;
    }
    expect(Buffer.concat(pieces).equals(bytes)).toBe(true);

    expect((await fetch(`${url}/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await fetch(`${url}/${id}`, { method: 'DELETE' })).status).toBe(404);
    expect(await captures()).toEqual([]);
  });

  it('A profile of the server itself is for operators, to look at as well as to take.', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-profiles-'));
    const { token } = await new Tokens(folder).add('viewer');
    await using server = await startTestServer({ requireToken: true, dataDir: folder });
    const headers = { authorization: `Bearer ${token}` };
    for (const [method, path] of [
      ['GET', ''],
      ['POST', ''],
      ['GET', '/x'],
      ['DELETE', '/x'],
    ] as const) {
      const answer = await fetch(`${server.url}/api/v1/profiles${path}`, { method, headers });
      expect([path, answer.status, await answer.text()]).toEqual([
        path,
        403,
        expect.stringContaining('operator role'),
      ]);
    }
    await rm(folder, { recursive: true });
    const viewer = createRouterClient(server.router, { context: { role: 'viewer' } });
    expect(await viewer.profiles.list()).toEqual({ captures: [] });
    for (const call of [
      () => viewer.profiles.estimate(),
      () => viewer.profiles.capture({ kind: 'heap', seconds: 1 }),
      () => viewer.profiles.read({ id: 'x', offset: 0 }),
      () => viewer.profiles.remove({ id: 'x' }),
    ])
      await expect(call()).rejects.toThrow('viewers may look');
    const operator = createRouterClient(server.router, { context: { role: 'operator' } });
    const cost = await operator.profiles.estimate();
    expect(cost.memoryBytes).toBeGreaterThan(cost.heapBytes);
    expect(cost.fits).toBe(cost.memoryBytes <= cost.availableBytes);
    await expect(operator.profiles.capture({ kind: 'heap', seconds: 301 })).rejects.toThrow('validation');
  });
});

describe('the ledger', () => {
  it('The ledger is served by owner, as pprof and as lines of JSON, and both sum up to it.', async () => {
    await using server = await startTestServer();
    const path = await server.put('object', Buffer.alloc(2_000_000, 'a'));
    await (await server.get(path)).arrayBuffer();
    // From then on nothing changes any more.
    await vi.waitFor(() => {
      expectQuiet(server.engine);
      expect(server.engine.backfill?.pending).toBe(0);
    }, 15_000);
    const { ledger } = server.engine.budget;
    const packed = await server.get('/api/v1/ledger.pb.gz');
    expect(packed.headers.get('content-disposition')).toMatch(
      /filename="sluice-ledger-\d{8}T\d{6}Z\.pb\.gz"/,
    );
    const bytes = new Uint8Array(await packed.arrayBuffer());
    expect(gunzipSync(bytes).length).toBeGreaterThan(bytes.length / 2);
    const opened = await readProfile(bytes, 'ledger.pb.gz');
    if (opened.kind !== 'profile') throw new Error('no profile');
    const { profile } = opened;
    expect(profile.sampleTypes.map(({ type, unit }) => `${type}/${unit}`)).toEqual([
      'inuse_objects/count',
      'inuse_space/bytes',
    ]);
    expect(top(profile, 1).total).toBe(ledger.totalBytes);
    expect(top(profile, 0).total).toBe([...ledger.entries()].length);
    expect(labelsOf(profile, 1).map(({ key }) => key)).toEqual(['age', 'object', 'state', 'tier']);
    expect(labelsOf(profile, 1).find(({ key }) => key === 'object')?.values).toContainEqual({
      value: 'test/object',
      total: ledger.byState.cached,
    });

    const lines = (await (await server.get('/api/v1/ledger.ndjson')).text()).trimEnd().split('\n');
    const owners = lines.map((line) => JSON.parse(line) as LedgerOwner);
    expect(owners.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(ledger.totalBytes);

    const viewer = createRouterClient(server.router, { context: { role: 'viewer' } });
    const now = await viewer.profiles.owners();
    expect(now.totalBytes).toBe(ledger.totalBytes);
    expect(now.owners.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(ledger.totalBytes);
  });
});
