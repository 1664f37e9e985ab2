/** Whatever a repository has in it comes out of an archive of its mirror as it would out of a clone. */
import { chmodSync, existsSync, lstatSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { archivePattern, createArchive } from './archive.ts';
import { never, Playground } from './git.fixture.ts';
import type { Git, GitProgress } from './git.ts';
import { Mirror } from './mirror.ts';

const name = 'https://git.example/team/project';
let playground: Playground;
let git: Git;
let upstream: string;

beforeEach(async () => {
  playground = new Playground();
  git = await playground.sluiceGit();
  upstream = playground.repository('upstream');
});

afterEach(() => playground[Symbol.dispose]());

const mirrorOf = (repository: string) =>
  Mirror.clone(git, { folder: playground.path('mirror'), fetchUrl: `file://${repository}` }, never);

/** Restores the mirror of `repository` and compares the tree with that of a plain clone. */
async function restoreAndCompare(repository: string): Promise<{ tree: string; commit: string }> {
  const restored = await playground.restore(await mirrorOf(repository), { upstream: name });
  const { tree, commit } = restored;
  const plain = playground.path('plain');
  playground.git(playground.folder, 'clone', '-q', '--', `file://${repository}`, plain);
  expect(commit).toBe(playground.git(repository, 'rev-parse', 'HEAD'));
  expect(playground.git(tree, 'rev-parse', 'HEAD')).toBe(commit);
  expect(playground.git(tree, 'status', '--porcelain')).toBe('');
  expect(playground.git(tree, 'fsck', '--full', '--strict', '--no-dangling')).toBe('');
  expect(playground.git(tree, 'remote', 'get-url', 'origin')).toBe(name);
  expect(existsSync(join(tree, '.git/objects/info/alternates'))).toBe(false);
  expect(() => playground.run(tree, 'grep', '-r', '-q', '--', playground.folder, '.')).toThrow(
    'Command failed',
  );
  const listing = (folder: string) =>
    playground.run(folder, 'find', '.', '-path', './.git', '-prune', '-o', '-printf', '%P %y %m %l\n');
  const sorted = (text: string) => text.split('\n').sort();
  // The first line is the folder itself.
  expect(sorted(listing(tree)).slice(1)).toEqual(sorted(listing(plain)).slice(1));
  playground.run(playground.folder, 'diff', '-r', '--no-dereference', '--exclude=.git', tree, plain);
  return restored;
}

describe('the archive of a mirror', () => {
  it('keeps symbolic links, executable bits, odd and very long names, and empty files', async () => {
    const long = 'n'.repeat(200);
    playground.commit(upstream, 'plain', 'x');
    playground.commit(upstream, join(long, long, 'long path.txt'), 'more than 255 bytes');
    playground.commit(upstream, 'grüße/日本語 \u{1F600}.txt', 'text');
    playground.commit(upstream, '-dash and "quotes"\n newline', '');
    writeFileSync(join(upstream, 'run.sh'), '#!/bin/sh\n');
    chmodSync(join(upstream, 'run.sh'), 0o755);
    symlinkSync('plain', join(upstream, 'link'));
    symlinkSync('/nowhere/at all', join(upstream, 'dangling'));
    playground.commit(upstream, 'last', 'x');
    const { tree } = await restoreAndCompare(upstream);
    expect(lstatSync(join(tree, 'run.sh')).mode & 0o111).toBe(0o111);
    expect(lstatSync(join(tree, 'dangling')).isSymbolicLink()).toBe(true);
  });

  it('does not follow submodules', async () => {
    const inner = playground.repository('inner');
    playground.commit(inner, 'a', '1');
    playground.commit(upstream, 'a', '1');
    const add = ['-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', '--', inner, 'sub'];
    playground.git(upstream, ...add);
    // A repository does not name the folder it was made in.
    playground.git(upstream, 'config', '-f', '.gitmodules', 'submodule.sub.url', 'https://git.example/inner');
    playground.commit(upstream, 'b', '2');
    const { tree } = await restoreAndCompare(upstream);
    expect(playground.git(tree, 'ls-tree', 'HEAD', 'sub')).toContain('160000 commit');
    expect(playground.run(tree, 'ls', '-A', 'sub')).toBe('');
  });

  it('keeps the SHA-256 format', async () => {
    const long = playground.repository('sha256', '--object-format=sha256');
    playground.commit(long, 'a', '1');
    const { commit } = await restoreAndCompare(long);
    expect(commit).toHaveLength(64);
  });

  it('keeps a detached HEAD', async () => {
    playground.commit(upstream, 'a', '1');
    playground.git(upstream, 'checkout', '-q', '--detach');
    playground.commit(upstream, 'a', '2');
    const { tree } = await restoreAndCompare(upstream);
    expect(() => playground.git(tree, 'symbolic-ref', 'HEAD')).toThrow('not a symbolic ref');
  });

  it('has thousands of files', { timeout: 60_000 }, async () => {
    const files = Array.from(
      { length: 5000 },
      (_, index) => `M 644 inline ${index % 50}/${index}\ndata 2\n7\n`,
    );
    const stream = ['commit refs/heads/main', 'committer A <a@b> 0 +0000', 'data 1', 'x', ...files, ''];
    writeFileSync(playground.path('stream'), stream.join('\n'));
    playground.run(upstream, 'sh', '-c', 'git fast-import --quiet < ../stream');
    const { tree } = await playground.restore(await mirrorOf(upstream), { upstream: name });
    expect(playground.git(tree, 'status', '--porcelain')).toBe('');
    expect(playground.git(tree, 'ls-files').split('\n')).toHaveLength(5000);
  });

  it("has the default branch's history and the tags, not what a force push has left behind", async () => {
    const noise = Buffer.from(crypto.getRandomValues(new Uint8Array(50_000)));
    playground.commit(upstream, 'a', '1');
    playground.git(upstream, 'tag', 'v1');
    playground.git(upstream, 'checkout', '-q', '-b', 'trunk');
    const removed = playground.commit(upstream, 'noise', noise);
    const mirror = await mirrorOf(upstream);
    playground.git(upstream, 'reset', '-q', '--hard', 'HEAD^');
    const head = playground.commit(upstream, 'a', '2');
    await mirror.fetch(never);
    await expect(mirror.hasCommit(removed, never)).resolves.toBe(true);
    const { tree } = await playground.restore(mirror, { upstream: name });
    expect(() => playground.git(tree, 'cat-file', '-e', removed)).toThrow('Command failed');
    expect(playground.git(tree, 'symbolic-ref', 'HEAD')).toBe('refs/heads/trunk');
    expect(playground.git(tree, 'rev-parse', 'HEAD', 'origin/trunk')).toBe(`${head}\n${head}`);
    expect(playground.git(tree, 'rev-parse', '--abbrev-ref', 'origin/HEAD')).toBe('origin/trunk');
    expect(playground.git(tree, 'config', 'branch.trunk.merge')).toBe('refs/heads/trunk');
    expect(playground.git(tree, 'tag')).toBe('v1');
  });

  it('shows how far it is', async () => {
    playground.commit(upstream, 'a', Buffer.from(crypto.getRandomValues(new Uint8Array(60_000))));
    const seen: GitProgress[] = [];
    const watch = { onProgress: (progress: GitProgress) => void seen.push(progress) };
    await playground.restore(await mirrorOf(upstream), { upstream: name, watch });
    const phases = new Set(seen.map(({ phase }) => phase));
    expect([...phases]).toEqual(expect.arrayContaining(['cloning', 'writing objects', 'archiving']));
    const last = seen.at(-1);
    expect(last).toMatchObject({ phase: 'archiving', done: last?.total });
    expect(last?.bytes).toBeGreaterThan(120_000);
  });

  it('is refused for an empty repository, and leaves nothing in its folder', async () => {
    const mirror = await mirrorOf(upstream);
    await expect(
      createArchive(mirror, { upstream: name, temp: playground.folder }, never),
    ).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('is a git repository without a commit') as string,
    });
    expect(playground.names('sluice-archive-')).toEqual([]);
  });

  it('is made in the folder that is named, and removed from there', async () => {
    playground.commit(upstream, 'a', '1');
    const mirror = await mirrorOf(upstream);
    {
      await using archive = await createArchive(mirror, { upstream: name, temp: playground.folder }, never);
      expect(archive.commit).toHaveLength(40);
      expect(playground.names('sluice-archive-')).toEqual([expect.stringMatching(archivePattern)]);
    }
    expect(playground.names('sluice-archive-')).toEqual([]);
  });
});
