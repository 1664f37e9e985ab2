/** Whole restores of real repositories: what comes out is what a plain clone gives. */
import { chmodSync, mkdirSync, readlinkSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startTestServer } from '#main/app.fixture.ts';
import { publishSnapshot, parseUpstream } from './server.ts';
import { restoreFrom, serveSnapshot, upstream, Workshop } from './restore.fixture.ts';

const never = new AbortController().signal;

/** What is to be the same in a restored clone and in a plain one. */
const stateOf = (shop: Workshop, clone: string) => ({
  status: shop.git(clone, 'status', '--porcelain=2', '--branch'),
  fsck: shop.git(clone, 'fsck', '--full', '--strict'),
  files: shop.git(clone, 'ls-files', '--stage'),
  refs: shop.git(clone, 'for-each-ref', '--format=%(refname) %(objectname) %(symref)'),
});

/** Restores what is in the workshop's repository. @returns how the clone differs from a plain one */
async function differences(shop: Workshop): Promise<string> {
  const { bytes, commit } = await shop.archive();
  await using server = await serveSnapshot({
    archive: bytes,
    headers: { 'x-cachew-snapshot-commit': commit },
  });
  const { restored, events, warnings } = await restoreFrom(server, shop);
  const plain = join(shop.folder, 'plain');
  shop.git(shop.folder, 'clone', '--quiet', `file://${shop.repository}`, plain);
  const state = stateOf(shop, shop.target);
  expect(state).toEqual(stateOf(shop, plain));
  expect(state).toMatchObject({
    fsck: '',
    status: expect.stringContaining(`# branch.oid ${commit}\n# branch.head main`),
  });
  expect(restored).toMatchObject({
    commit,
    branch: 'main',
    snapshotCommit: commit,
    snapshotBytes: bytes.length,
    bundleBytes: 0,
  });
  expect(shop.git(shop.target, 'remote', 'get-url', 'origin')).toBe(upstream);
  expect(shop.leftovers).toEqual(['clone']);
  expect(warnings).toEqual([]);
  const phases = events.flatMap((event) => (event.event === 'phase' ? [event.phase] : []));
  expect(phases).toEqual(['downloading', 'checking', 'placing']);
  const last = { phase: 'downloading', doneBytes: bytes.length, totalBytes: bytes.length };
  expect(events.findLast((event) => event.event === 'progress')).toMatchObject(last);
  return shop.run(shop.folder, 'diff', '-r', '--no-dereference', '--exclude=.git', plain, shop.target);
}

describe('restore gives what a plain clone gives', () => {
  it('of one commit', async () => {
    using shop = new Workshop();
    shop.commit({ 'README.md': 'hello\n' });
    expect(await differences(shop)).toBe('');
  });

  it('of links, executable files, empty files and names of every kind', async () => {
    using shop = new Workshop();
    const long = 'a'.repeat(200);
    const files = {
      'script.sh': '#!/bin/sh\n',
      empty: '',
      'Übung/日本語/наука.txt': 'unicode\n',
      'with space/and\ttab/and\nnewline': 'odd\n',
      [`${long}/${long}/${long}`]: 'long\n',
      '-rf/--help': 'like options\n',
      'git/.gitignore': '*.o\n',
      '.github/.gitkeep': '',
    };
    shop.commit(files);
    chmodSync(join(shop.repository, 'script.sh'), 0o755);
    symlinkSync('script.sh', join(shop.repository, 'link'));
    symlinkSync('../outside', join(shop.repository, 'with space/up'));
    symlinkSync('/etc/hostname', join(shop.repository, 'absolute'));
    symlinkSync('x'.repeat(180), join(shop.repository, 'dangling'));
    shop.commit({ 'README.md': 'links\n' });
    expect(await differences(shop)).toBe('');
    expect(statSync(join(shop.target, 'script.sh')).mode & 0o111).not.toBe(0);
    expect(statSync(join(shop.target, 'empty')).mode & 0o6111).toBe(0);
    expect(readlinkSync(join(shop.target, 'absolute'))).toBe('/etc/hostname');
  });

  it('of 5,000 files', async () => {
    using shop = new Workshop();
    const names = Array.from({ length: 5000 }, (_, index) => `d${index % 97}/e${index % 7}/f${index}`);
    shop.import(names.map((name) => [name, Buffer.from(`${name}\n`)]));
    expect(await differences(shop)).toBe('');
  }, 60_000);

  it('of the SHA-256 object format', async () => {
    using shop = new Workshop('--object-format=sha256');
    expect(shop.commit({ file: 'sha256\n' })).toHaveLength(64);
    expect(await differences(shop)).toBe('');
  });

  it('of a repository with a submodule, which is left to git', async () => {
    using shop = new Workshop();
    using other = new Workshop();
    other.commit({ inner: 'inner\n' });
    const allow = ['-c', 'protocol.file.allow=always'];
    shop.git(
      shop.repository,
      ...allow,
      'submodule',
      '--quiet',
      'add',
      `file://${other.repository}`,
      'modules/inner',
    );
    shop.commit({ outer: 'outer\n' });
    expect(await differences(shop)).toBe('');
    expect(shop.git(shop.target, 'submodule', 'status')).toMatch(/^-[0-9a-f]{40} modules\/inner$/);
  });
});

describe('restore', () => {
  it('keeps a detached HEAD detached', async () => {
    using shop = new Workshop();
    const first = shop.commit({ a: '1' });
    shop.commit({ a: '2' });
    shop.git(shop.repository, 'checkout', '--quiet', first);
    const { bytes, commit } = await shop.archive();
    await using server = await serveSnapshot({
      archive: bytes,
      headers: { 'x-cachew-snapshot-commit': commit },
    });
    const { restored } = await restoreFrom(server, shop);
    expect(restored).toMatchObject({ commit: first, branch: undefined });
    expect(shop.git(shop.target, 'status', '--porcelain=2', '--branch')).toContain('branch.head (detached)');
  });

  it('takes what a Sluice server serves', async () => {
    using shop = new Workshop();
    shop.commit({ noise: crypto.getRandomValues(new Uint8Array(60_000)), text: 'x'.repeat(300_000) });
    await using server = await startTestServer();
    const { bytes, commit } = await shop.archive();
    const stream = (async function* () {
      yield bytes;
    })();
    const url = new URL(server.url);
    await publishSnapshot(url, parseUpstream(upstream, 'upstream'), { commit, stream }, never);
    const { restored } = await restoreFrom({ url }, shop, { chunkBytes: 64 * 1024, concurrency: 2 });
    expect(restored.commit).toBe(commit);
    expect(shop.git(shop.target, 'status', '--porcelain')).toBe('');
  });

  it('fills an empty folder and keeps its permissions; makes the folders above one that is not there', async () => {
    using shop = new Workshop();
    shop.commit({ a: '1' });
    const { bytes } = await shop.archive();
    await using server = await serveSnapshot({ archive: bytes });
    mkdirSync(shop.target, { mode: 0o700 });
    await restoreFrom(server, shop);
    expect(statSync(shop.target).mode & 0o777).toBe(0o700);
    const directory = join(shop.place, 'deep', 'er', 'clone');
    await restoreFrom(server, shop, { directory });
    expect(shop.git(directory, 'status', '--porcelain')).toBe('');
  });

  it.each([
    [
      'a folder with something in it',
      'is not empty',
      (target: string) => (mkdirSync(target), mkdirSync(join(target, 'x'))),
    ],
    ['a file', 'is not a folder', (target: string) => writeFileSync(target, 'mine')],
  ])('refuses %s, and asks no server', async (_, why, prepare) => {
    using shop = new Workshop();
    await using server = await serveSnapshot({ archive: Buffer.alloc(0) });
    prepare(shop.target);
    await expect(restoreFrom(server, shop)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message:
        `DIRECTORY ${JSON.stringify(shop.target)} ${why}: ` +
        'allowed is a folder that is empty or does not exist yet',
    });
    expect(server.requests).toEqual([]);
    expect(shop.leftovers).toEqual(['clone']);
  });

  it.each([
    [{ refs: { 'refs/heads/../x': '' } }, 'ref "refs/heads/../x"'],
    [{ refs: { 'refs/heads/x': 'abc' } }, 'commit of refs/heads/x "abc"'],
    [{ commits: ['--upload-pack=x'] }, 'commit "--upload-pack=x"'],
    [{ repository: 'ext::sh' }, 'repository "ext::sh"'],
  ])('refuses %o', async (options, what) => {
    using shop = new Workshop();
    const nowhere = { url: new URL('http://127.0.0.1:1') };
    await expect(restoreFrom(nowhere, shop, options)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining(what),
    });
    expect(shop.leftovers).toEqual([]);
  });
});
