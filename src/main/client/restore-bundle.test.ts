/** From the snapshot's commit to the newest one. */
import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bundleUrl } from './restore-bundle.ts';
import { restoreFrom, serveSnapshot, Workshop } from './restore.fixture.ts';
import { serveRange, type Handler } from './test-server.ts';

const path = '/git/git.example/team/project/snapshot.bundle';

/** Serves the archive with a bundle URL, whose answer is `others`. */
function serveWithBundle(archive: Uint8Array, commit: string, others: Handler) {
  const headers = { 'x-cachew-snapshot-commit': commit, 'x-cachew-bundle-url': `${path}?base=${commit}` };
  return serveSnapshot({ archive, headers, others });
}

const pristine = (shop: Workshop) => {
  expect(shop.git(shop.target, 'status', '--porcelain')).toBe('');
  expect(shop.git(shop.target, 'fsck', '--full', '--strict', '--no-dangling')).toBe('');
};

describe('restore with a bundle', () => {
  it('ends at the newest commit, as a clone of it would', async () => {
    using shop = new Workshop();
    shop.commit({ a: '1', gone: 'x', dir: 'a file' });
    const { bytes, commit } = await shop.archive();
    shop.git(shop.repository, 'rm', '--quiet', 'gone', 'dir');
    const newest = shop.commit({ a: '2', 'dir/b': randomBytes(200_000) });
    const bundle = shop.bundle(commit);
    await using server = await serveWithBundle(bytes, commit, serveRange(bundle, '"b1"'));
    const { restored, warnings } = await restoreFrom(server, shop);
    expect(restored).toEqual({
      commit: newest,
      branch: 'main',
      snapshotCommit: commit,
      snapshotBytes: bytes.length,
      bundleBytes: bundle.length,
    });
    pristine(shop);
    expect(shop.git(shop.target, 'status', '--porcelain=2', '--branch')).toContain('# branch.ab +0 -0');
    expect(shop.git(shop.target, 'rev-parse', 'HEAD', 'origin/main', 'origin/HEAD')).toBe(
      [newest, newest, newest].join('\n'),
    );
    expect(existsSync(join(shop.target, '.git', 'logs'))).toBe(false);
    expect(existsSync(join(shop.target, '.git', 'FETCH_HEAD'))).toBe(false);
    expect(warnings).toEqual([]);
    const ranged = server.requests.find(({ url }) => url?.startsWith(path));
    expect(ranged?.headers.range).toBe('bytes=0-65535');
  });

  it('follows a history that was rewritten, and says so', async () => {
    using shop = new Workshop();
    const base = shop.commit({ a: '1' });
    shop.commit({ a: 'taken back', wrong: 'x' });
    const { bytes, commit } = await shop.archive();
    shop.git(shop.repository, 'reset', '--quiet', '--hard', base);
    const newest = shop.commit({ a: '2' });
    await using server = await serveWithBundle(bytes, commit, serveRange(shop.bundle(base), '"b1"'));
    const { restored, warnings } = await restoreFrom(server, shop);
    expect(restored.commit).toBe(newest);
    expect(warnings).toEqual([`history was rewritten: ${commit} is not in that of ${newest}`]);
    pristine(shop);
    expect(existsSync(join(shop.target, 'wrong'))).toBe(false);
  });

  it('follows a default branch that was renamed', async () => {
    using shop = new Workshop();
    shop.commit({ a: '1' });
    const { bytes, commit } = await shop.archive();
    shop.git(shop.repository, 'branch', '--move', 'main', 'trunk');
    const newest = shop.commit({ a: '2' });
    await using server = await serveWithBundle(
      bytes,
      commit,
      serveRange(shop.bundle(commit, 'trunk'), '"b1"'),
    );
    const { restored } = await restoreFrom(server, shop);
    expect(restored).toMatchObject({ commit: newest, branch: 'trunk' });
    pristine(shop);
    const refs = shop.git(shop.target, 'for-each-ref', '--format=%(refname)');
    expect(refs).toBe(
      ['refs/heads/trunk', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/trunk'].join('\n'),
    );
    expect(shop.git(shop.target, 'rev-parse', '--abbrev-ref', '@{upstream}', 'origin/HEAD')).toBe(
      'origin/trunk\norigin/trunk',
    );
  });

  it('keeps a detached HEAD detached', async () => {
    using shop = new Workshop();
    const first = shop.commit({ a: '1' });
    shop.commit({ a: 'main goes another way' });
    shop.git(shop.repository, 'checkout', '--quiet', '--detach', first);
    const { bytes, commit } = await shop.archive();
    const newest = shop.commit({ a: '2' });
    await using server = await serveWithBundle(
      bytes,
      commit,
      serveRange(shop.bundle(commit, 'HEAD'), '"b1"'),
    );
    const { restored } = await restoreFrom(server, shop);
    expect(restored).toMatchObject({ commit: newest, branch: undefined });
    pristine(shop);
  });

  it('takes bundles of the SHA-256 object format', async () => {
    using shop = new Workshop('--object-format=sha256');
    shop.commit({ a: '1' });
    const { bytes, commit } = await shop.archive();
    const newest = shop.commit({ a: '2' });
    await using server = await serveWithBundle(bytes, commit, serveRange(shop.bundle(commit), '"b1"'));
    expect((await restoreFrom(server, shop)).restored.commit).toBe(newest);
    pristine(shop);
  });

  it('has nothing to do when the answer is 204', async () => {
    using shop = new Workshop();
    shop.commit({ a: '1' });
    const { bytes, commit } = await shop.archive();
    await using server = await serveWithBundle(
      bytes,
      commit,
      (_, response) => void response.writeHead(204).end(),
    );
    const { restored, warnings } = await restoreFrom(server, shop);
    expect(restored).toMatchObject({ commit, bundleBytes: 0 });
    expect(warnings).toEqual([]);
  });

  it('stays at the commit of the snapshot when the server knows no way, and says so', async () => {
    using shop = new Workshop();
    shop.commit({ a: '1' });
    const { bytes, commit } = await shop.archive();
    await using server = await serveWithBundle(
      bytes,
      commit,
      (_, response) => void response.writeHead(404).end(),
    );
    const { restored, warnings } = await restoreFrom(server, shop);
    expect(restored.commit).toBe(commit);
    expect(warnings).toEqual([
      `the server knows no way from ${commit} to the newest commit: the clone stays there`,
    ]);
  });

  it('is not asked for when it is not wanted', async () => {
    using shop = new Workshop();
    shop.commit({ a: '1' });
    const { bytes, commit } = await shop.archive();
    await using server = await serveWithBundle(bytes, commit, (_, response) => void response.destroy());
    expect((await restoreFrom(server, shop, { bundle: 'ignore' })).restored.commit).toBe(commit);
    expect(server.requests.map(({ url }) => url).filter((url) => url?.startsWith(path))).toEqual([]);
  });

  it.each([
    ['is damaged', (bundle: Buffer) => bundle.fill(0, bundle.length - 100), /index-pack|pack|SHA/i],
    ['is no bundle', () => Buffer.from('something else'), /bundle/],
    ['does not fit', (_: Buffer, foreign: Buffer) => foreign, /prerequisite|lacks|bundle/i],
  ])('fails when it %s, and leaves nothing', async (_, damage, why) => {
    using shop = new Workshop();
    using other = new Workshop();
    const base = other.commit({ x: '1' });
    other.commit({ x: '2' });
    shop.commit({ a: '1' });
    const { bytes, commit } = await shop.archive();
    shop.commit({ a: '2' });
    const bundle = damage(shop.bundle(commit), other.bundle(base));
    await using server = await serveWithBundle(bytes, commit, serveRange(bundle, '"b1"'));
    const failure = restoreFrom(server, shop);
    await expect(failure).rejects.toThrow(why);
    await expect(failure).rejects.toThrow('the snapshot alone can be restored, with --no-bundle');
    expect(shop.leftovers).toEqual([]);
  });

  it('does not run what the tree brings along', async () => {
    using shop = new Workshop();
    shop.commit({ a: '1', '.gitattributes': '* filter=evil diff=evil merge=evil\n' });
    const { bytes, commit } = await shop.archive();
    writeFileSync(
      join(shop.repository, '.gitmodules'),
      '[submodule "x"]\n\tpath = x\n\turl = ext::touch x\n\tupdate = !x\n',
    );
    const newest = shop.commit({ a: '2', '.lfsconfig': '[lfs]\n\turl = http://evil/\n' });
    await using server = await serveWithBundle(bytes, commit, serveRange(shop.bundle(commit), '"b1"'));
    expect((await restoreFrom(server, shop)).restored.commit).toBe(newest);
  });
});

describe('the URL of a bundle', () => {
  const plain = new URL('http://cache.example:7420');
  const prefixed = new URL('http://cache.example/sluice/');

  it('is a path of the same server', () => {
    const named = '/git/h/p/snapshot.bundle?base=abc';
    expect(bundleUrl(plain, named).href).toBe(`http://cache.example:7420${named}`);
    expect(bundleUrl(prefixed, named).href).toBe(`http://cache.example/sluice${named}`);
    expect(bundleUrl(prefixed, `/sluice${named}`).href).toBe(`http://cache.example/sluice${named}`);
  });

  it.each([
    'http://cache.example:7420/x',
    '//evil.example/x',
    '/\\evil.example/x',
    'x',
    '',
    'file:///etc/passwd',
  ])('is never %j', (named) => {
    expect(() => bundleUrl(plain, named)).toThrow('which is not a path of its own');
  });
});
