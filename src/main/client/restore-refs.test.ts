/** Refs and commits that have to be in the clone. */
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { restoreFrom, serveSnapshot, Workshop } from './restore.fixture.ts';
import { serveRange, type Handler } from './test-server.ts';
import { fullRefName, isRefName } from './restore-names.ts';

const path = '/git/git.example/team/project';
const nowhere = '1'.repeat(40);
const saved = { ...process.env };
let shop: Workshop;
let asked: unknown[];

beforeEach(() => {
  shop = new Workshop();
  asked = [];
  shop.commit({ a: '1' });
  // The user's own configuration: it says where the upstream really is.
  const config = join(shop.folder, 'home', '.gitconfig');
  const origin = shop.repository;
  shop.git(
    shop.folder,
    'config',
    '--file',
    config,
    `url.file://${origin}.insteadOf`,
    'https://git.example/team/project',
  );
  Object.assign(process.env, {
    HOME: join(shop.folder, 'home'),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_DIR: '/nowhere',
  });
  delete process.env['GIT_CONFIG_GLOBAL'];
});
afterEach(() => {
  for (const name of Object.keys(process.env)) if (!(name in saved)) delete process.env[name];
  Object.assign(process.env, saved);
  shop[Symbol.dispose]();
});

/** Notes what is asked for and answers it, and serves a bundle. */
function ensuring(bundle?: Uint8Array): Handler {
  return async (request, response) => {
    if (request.url !== `${path}/ensure-refs`) {
      if (bundle) return serveRange(bundle, '"b1"')(request, response);
      response.writeHead(404).end();
      return;
    }
    const pieces: Buffer[] = [];
    for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
    asked.push(JSON.parse(Buffer.concat(pieces).toString()));
    response.writeHead(200).end('{"refs":{},"missing_commits":[],"fetched":true}');
  };
}

const hasCommit = (commit: string) => shop.git(shop.target, 'cat-file', '-t', commit);

describe('wanted refs and commits', () => {
  it('are asked for before the snapshot, and need no origin when the bundle brings them', async () => {
    const { bytes, commit } = await shop.archive();
    const newest = shop.commit({ a: '2' });
    const headers = {
      'x-cachew-snapshot-commit': commit,
      'x-cachew-bundle-url': `${path}/snapshot.bundle?base=${commit}`,
    };
    const others = ensuring(shop.bundle(commit));
    await using server = await serveSnapshot({ archive: bytes, headers, others });
    shop.run(shop.folder, 'mv', shop.repository, `${shop.repository}.gone`);
    const wanted = { refs: { 'refs/heads/main': newest }, commits: [newest] };
    const { restored, events } = await restoreFrom(server, shop, wanted);
    expect(restored.commit).toBe(newest);
    expect(asked).toEqual([wanted]);
    expect(server.requests[0]?.url).toBe(`${path}/ensure-refs`);
    const phases = events.flatMap((event) => (event.event === 'phase' ? [event.phase] : []));
    expect(phases).toEqual(['asking', 'downloading', 'checking', 'bundle', 'refs', 'placing']);
  });

  it("come from origin when they are missing, with the user's own configuration", async () => {
    const { bytes, commit } = await shop.archive();
    shop.git(shop.repository, 'checkout', '--quiet', '-b', 'feature/x');
    const onBranch = shop.commit({ b: '1' });
    shop.git(shop.repository, 'tag', '--annotate', '--message', 'One', 'v1');
    const hidden = shop.commit({ b: '2' });
    shop.git(shop.repository, 'update-ref', 'refs/pull/7/head', hidden);
    shop.git(shop.repository, 'reset', '--quiet', '--hard', onBranch);
    await using server = await serveSnapshot({ archive: bytes, others: ensuring() });
    const refs = { 'refs/heads/feature/x': '', 'refs/tags/v1': onBranch, 'refs/pull/7/head': hidden };
    const { restored } = await restoreFrom(server, shop, { refs, commits: [onBranch] });
    expect(restored.commit).toBe(commit);
    const names = ['origin/feature/x', 'v1^{commit}', 'refs/pull/7/head'];
    expect(shop.git(shop.target, 'rev-parse', ...names)).toBe([onBranch, onBranch, hidden].join('\n'));
    expect(shop.git(shop.target, 'status', '--porcelain')).toBe('');
  });

  it('may be commits of no wanted ref', async () => {
    const { bytes } = await shop.archive();
    shop.git(shop.repository, 'checkout', '--quiet', '-b', 'other');
    const inside = shop.commit({ b: '1' });
    shop.commit({ b: '2' });
    await using server = await serveSnapshot({ archive: bytes, others: ensuring() });
    await restoreFrom(server, shop, { commits: [inside] });
    expect(hasCommit(inside)).toBe('commit');
  });

  it('may have moved on', async () => {
    const old = shop.commit({ a: '2' });
    shop.commit({ a: '3' });
    const { bytes } = await shop.archive();
    await using server = await serveSnapshot({ archive: bytes, others: ensuring() });
    await expect(restoreFrom(server, shop, { refs: { 'refs/heads/main': old } })).resolves.toBeDefined();
  });

  it('are named when they are nowhere, and nothing is left', async () => {
    const { bytes, commit } = await shop.archive();
    await using server = await serveSnapshot({ archive: bytes, others: ensuring() });
    const refs = { 'refs/heads/main': nowhere, 'refs/heads/gone': '', 'refs/tags/gone': '' };
    await expect(restoreFrom(server, shop, { refs, commits: [commit, nowhere] })).rejects.toMatchObject({
      name: 'SluiceError',
      missing: ['refs/heads/main', 'refs/heads/gone', 'refs/tags/gone', nowhere],
      message: expect.stringContaining(
        `missing, at origin too: refs/heads/main at ${nowhere}, refs/heads/gone, refs/tags/gone, ${nowhere} (git fetch failed`,
      ),
    });
    expect(shop.leftovers).toEqual([]);
  });

  it('are looked for at origin when the server does not know the question', async () => {
    const { bytes } = await shop.archive();
    shop.git(shop.repository, 'branch', 'other');
    await using server = await serveSnapshot({ archive: bytes });
    const { warnings } = await restoreFrom(server, shop, { refs: { 'refs/heads/other': '' } });
    expect(warnings).toEqual([
      expect.stringMatching(
        /^the server cannot look for refs: .* answers 404; what is missing will come from origin$/,
      ),
    ]);
    expect(shop.git(shop.target, 'rev-parse', '--verify', 'origin/other')).toMatch(/^[0-9a-f]{40}$/);
  });
});

describe('names of refs', () => {
  it.each(['refs/heads/main', 'refs/tags/v1.0', 'refs/pull/1/head', 'refs/heads/ünï/@'])(
    'are sane: %s',
    (name) => {
      expect(isRefName(name)).toBe(true);
      expect(() => shop.git(shop.folder, 'check-ref-format', name)).not.toThrow();
    },
  );

  it.each([
    'main',
    'refs/heads',
    'refs/heads/',
    'refs/heads/a..b',
    'refs/heads/a b',
    'refs/heads/a:b',
    'refs//a/b',
    'refs/heads/.a',
    'refs/heads/a.',
    'refs/heads/a.lock/b',
    'refs/heads/a^',
    'refs/heads/a@{1}',
    'refs/heads/-x',
    'refs/heads/a*',
    'refs/heads/a\\b',
    'refs/heads/a\nb',
    '--upload-pack=x',
    'refs/heads/a\u007f',
  ])('are not sane: %j', (name) => {
    expect(isRefName(name)).toBe(false);
  });

  it('may be short for branches', () => {
    expect(fullRefName('feature/x')).toBe('refs/heads/feature/x');
    expect(fullRefName('refs/tags/v1')).toBe('refs/tags/v1');
    expect(fullRefName('a..b')).toBeUndefined();
  });
});
