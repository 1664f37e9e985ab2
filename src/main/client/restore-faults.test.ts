/** What goes wrong between the server and the folder: the clone is right, or the target is as it was. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { lastingPort } from '#main/testing/lasting-port.ts';
import { openStaging } from './restore-staging.ts';
import { restoreFrom, serveSnapshot, snapshotPath, Workshop } from './restore.fixture.ts';
import { askedRange, serveRange, serveTest, type Handler } from './test-server.ts';

let shop: Workshop;
let archive: Buffer;
let commit: string;

beforeAll(async () => {
  shop = new Workshop();
  shop.commit({ noise: randomBytes(1_500_000), text: 'x\n' });
  ({ bytes: archive, commit } = await shop.archive());
});
afterEach(() => shop.clear());
afterAll(() => shop[Symbol.dispose]());

/** What is in the place: the clone and nothing else, unchanged and at its commit, when all is well. */
const stateOf = (shop: Workshop) => ({
  leftovers: shop.leftovers,
  status: shop.git(shop.target, 'status', '--porcelain'),
  head: shop.git(shop.target, 'rev-parse', 'HEAD'),
});
const pristine = () => ({ leftovers: ['clone'], status: '', head: commit });

describe('a server that', () => {
  it('dies in the middle and comes back does not make the restore begin anew', async () => {
    const good = serveRange(archive, '"v1"');
    const asked: string[] = [];
    const port = await lastingPort();
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.headers.range}`);
      void good(request, response);
      if (asked.length === 9) void fallOver();
    });
    const fallOver = async () => {
      server.close();
      server.closeAllConnections();
      await new Promise((resolve) => setTimeout(resolve, 400));
      server.listen(port, '127.0.0.1');
    };
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const url = new URL(`http://127.0.0.1:${port}/`);
    const { warnings } = await restoreFrom({ url }, shop);
    server.close();
    server.closeAllConnections();
    expect(stateOf(shop)).toEqual(pristine());
    expect(warnings).toEqual([]);
    expect(asked.filter((line) => line === 'GET bytes=0-65535')).toHaveLength(1);
  });

  it('replaces the snapshot meanwhile makes it fail', async () => {
    let count = 0;
    await using server = await serveTest((request, response) => {
      count += request.method === 'GET' ? 1 : 0;
      return serveRange(archive, count < 4 ? '"v1"' : '"v2"')(request, response);
    });
    mkdirSync(shop.target);
    await expect(restoreFrom(server, shop)).rejects.toMatchObject({
      code: 'REVISION_CHANGED',
      message: expect.stringContaining('changed while it was downloaded'),
    });
    expect(shop.leftovers).toEqual(['clone']);
    expect(readdirSync(shop.target)).toEqual([]);
  });

  it.each([
    ['has no ranges', (_: unknown, response) => void response.writeHead(200, { etag: '"v1"' }).end(archive)],
    ['names no validator', (request, response) => serveRange(archive, undefined)(request, response)],
  ] satisfies readonly (readonly [string, Handler])[])('%s is read in one stream', async (_, handler) => {
    await using server = await serveTest(handler);
    await restoreFrom(server, shop);
    expect(stateOf(shop)).toEqual(pristine());
  });

  it('has no such snapshot is taken at its word', async () => {
    await using server = await serveTest((_, response) => void response.writeHead(404).end('not allowed'));
    await expect(restoreFrom(server, shop)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringMatching(/^there is no snapshot of https:.*: 127.* answers 404 \(not allowed\)$/),
    });
    expect(shop.leftovers).toEqual([]);
  });

  it('is not there is missed at once', async () => {
    const gone = await serveSnapshot({ archive });
    await gone[Symbol.asyncDispose]();
    await expect(restoreFrom(gone, shop)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringMatching(/^no server answers at .*: start one with/),
    });
    expect(shop.leftovers).toEqual([]);
  });

  it('is busy is asked again when it says', async () => {
    let refusals = 2;
    await using server = await serveTest((request, response) => {
      if (request.method === 'HEAD') response.writeHead(404).end();
      else if (refusals-- > 1) response.writeHead(503, { 'retry-after': '0' }).end('busy');
      else response.writeHead(200, { 'x-cachew-snapshot-commit': commit }).end(archive);
    });
    const { warnings } = await restoreFrom(server, shop);
    expect(stateOf(shop)).toEqual(pristine());
    expect(warnings).toEqual([expect.stringMatching(/answers 503 \(busy\); beginning anew \(2 of 3\)$/)]);
  });
});

/** A snapshot that is being made: HEAD has none, GET sends it as it grows, without length or validator. */
function growing(breakOffs: number, end: Handler): Handler {
  let left = breakOffs;
  return async (request, response) => {
    if (request.method === 'HEAD') {
      response.writeHead(404).end();
      return;
    }
    if (left-- <= 0) return end(request, response);
    response.writeHead(200, { 'x-cachew-snapshot-commit': commit });
    response.write(archive.subarray(0, archive.length >> 1));
    await new Promise((resolve) => setTimeout(resolve, 50));
    response.destroy();
  };
}

describe('a snapshot that is still being made', () => {
  it('is extracted while it grows', async () => {
    const grow: Handler = async (_, response) => {
      response.writeHead(200, { 'x-cachew-snapshot-commit': commit });
      for (let at = 0; at < archive.length; at += 200_000) {
        response.write(archive.subarray(at, at + 200_000));
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      response.end();
    };
    await using server = await serveTest(growing(0, grow));
    const { restored, events } = await restoreFrom(server, shop);
    expect(stateOf(shop)).toEqual(pristine());
    expect(restored.snapshotBytes).toBe(archive.length);
    expect(events.findLast((event) => event.event === 'progress')).toMatchObject({ totalBytes: undefined });
    expect(server.requests.map(({ method, headers }) => [method, headers.range])).toEqual([
      ['HEAD', undefined],
      ['GET', undefined],
    ]);
  });

  it('is begun anew when it breaks off, and said so', async () => {
    await using server = await serveTest(growing(1, (_, response) => void response.end(archive)));
    const { warnings } = await restoreFrom(server, shop);
    expect(stateOf(shop)).toEqual(pristine());
    expect(warnings).toEqual([expect.stringMatching(/broke off the connection; beginning anew \(2 of 3\)$/)]);
  });

  it('is fetched in ranges when it is complete after all', async () => {
    await using server = await serveTest(growing(1, serveRange(archive, '"v1"')));
    await restoreFrom(server, shop);
    expect(stateOf(shop)).toEqual(pristine());
    expect(server.requests.filter((request) => askedRange(request)).length).toBeGreaterThan(10);
  });

  it('is given up when it breaks off again and again', async () => {
    await using server = await serveTest(growing(99, () => undefined));
    await expect(restoreFrom(server, shop)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(server.requests.filter(({ method }) => method === 'GET')).toHaveLength(3);
    expect(shop.leftovers).toEqual([]);
  });
});

describe('a restore that is cancelled', () => {
  it.each(['downloading', 'checking', 'placing'] as const)('while %s leaves nothing', async (phase) => {
    const controller = new AbortController();
    await using server = await serveSnapshot({ archive });
    const onEvent = (event: { readonly event: string; readonly phase?: string }) => {
      const isTime = phase === 'downloading' ? event.event === 'progress' : event.event === 'phase';
      if (isTime && event.phase === phase) controller.abort();
    };
    await expect(restoreFrom(server, shop, { onEvent }, controller.signal)).rejects.toMatchObject({
      code: 'ABORTED',
    });
    expect(shop.leftovers).toEqual([]);
    expect(server.requests.every(({ url }) => url === snapshotPath)).toBe(true);
  });

  it('before it begins asks nobody', async () => {
    await using server = await serveSnapshot({ archive });
    await expect(restoreFrom(server, shop, {}, AbortSignal.abort())).rejects.toMatchObject({
      code: 'ABORTED',
    });
    expect(server.requests).toEqual([]);
  });
});

describe('a target that is filled meanwhile', () => {
  it('keeps what was put there', async () => {
    await using server = await serveSnapshot({ archive });
    const onEvent = (event: { readonly event: string; readonly phase?: string }) => {
      if (event.phase !== 'placing') return;
      mkdirSync(shop.target);
      writeFileSync(join(shop.target, 'mine'), 'precious');
    };
    await expect(restoreFrom(server, shop, { onEvent })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('was filled by somebody else'),
    });
    expect(shop.leftovers).toEqual(['clone']);
    expect(readdirSync(shop.target)).toEqual(['mine']);
  });
});

describe('staging folders', () => {
  const stagings = () => readdirSync(shop.place).filter((name) => name.startsWith('.sluice-restore-'));

  it('of a process that is gone are removed; of one that works, of another target and of another machine not', async () => {
    await using running = await openStaging(shop.target);
    await using other = await openStaging(join(shop.place, 'another'));
    const mine = basename(running.folder);
    const dead = mine.replace(/-\d+-\d+-/, '-4194303-123-');
    const recycled = mine.replace(/-\d+-([0-9a-f]+)-([0-9a-f]+)$/, '-1-$1-$2');
    const elsewhere = dead.replace(/-[0-9a-f]+-([0-9a-f]+)$/, '-0123456789ab-$1');
    for (const name of [dead, recycled, elsewhere])
      mkdirSync(join(shop.place, name, 'tree'), { recursive: true });
    await using again = await openStaging(shop.target);
    const left = [running, other, again].map(({ folder }) => folder).concat(join(shop.place, elsewhere));
    expect(
      stagings()
        .map((name) => join(shop.place, name))
        .toSorted(),
    ).toEqual(left.toSorted());
  });

  it('are gone with the folders that were made above, when nothing was placed', async () => {
    {
      await using staging = await openStaging(join(shop.place, 'deep', 'er', 'clone'));
      expect(staging.folder).toContain(join('deep', 'er'));
    }
    expect(shop.leftovers).toEqual([]);
  });
});
