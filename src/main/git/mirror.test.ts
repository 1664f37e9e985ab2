import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { never, Playground } from './git.fixture.ts';
import type { Git, GitProgress } from './git.ts';
import { incomingPattern, Mirror } from './mirror.ts';

let playground: Playground;
let git: Git;
let upstream: string;
let folder: string;

beforeEach(async () => {
  playground = new Playground();
  git = await playground.sluiceGit();
  upstream = playground.repository('upstream');
  folder = playground.path('mirrors', 'host', 'mirror');
});

afterEach(() => playground[Symbol.dispose]());

const fetchUrl = () => `file://${upstream}`;
const clone = () => Mirror.clone(git, { folder, fetchUrl: fetchUrl() }, never);
const beside = () => readdirSync(playground.path('mirrors', 'host'));

/** Refs and HEAD as `git` sees them. */
function refsOf(repository: string): string[] {
  const head = playground.git(repository, 'symbolic-ref', '-q', 'HEAD');
  const refs = playground.git(
    repository,
    'for-each-ref',
    '--format=%(objectname) %(refname)',
    'refs/heads',
    'refs/tags',
  );
  return [head, ...refs.split('\n')];
}

describe('Mirror.clone', () => {
  it('has branches, tags and HEAD of the upstream, and nothing else of it', async () => {
    const first = playground.commit(upstream, 'a', '1');
    playground.git(upstream, 'tag', 'v1');
    playground.git(upstream, 'tag', '-a', '-m', 'two', 'v2');
    playground.git(upstream, 'update-ref', 'refs/pull/1/head', first);
    playground.git(upstream, 'checkout', '-q', '-b', 'trunk');
    const head = playground.commit(upstream, 'a', '2');
    const mirror = await clone();
    expect(refsOf(folder)).toEqual(refsOf(upstream));
    expect(playground.git(folder, 'for-each-ref', 'refs/pull')).toBe('');
    expect(playground.git(folder, 'fsck', '--full', '--strict')).toBe('');
    await expect(mirror.head(never)).resolves.toEqual({ commit: head, branch: 'trunk' });
    await expect(mirror.upstreamHead(never)).resolves.toBe(head);
    await expect(mirror.sizeBytes()).resolves.toBeGreaterThan(500);
    expect(beside()).toEqual(['mirror']);
  });

  it.each(['sha1', 'sha256'])('takes an empty repository (%s), which can grow', async (format) => {
    upstream = playground.repository(`empty-${format}`, `--object-format=${format}`);
    const mirror = await clone();
    await expect(mirror.head(never)).resolves.toBeUndefined();
    await expect(mirror.upstreamHead(never)).resolves.toBeUndefined();
    const head = playground.commit(upstream, 'a', '1');
    await mirror.fetch(never);
    await expect(mirror.head(never)).resolves.toEqual({ commit: head, branch: 'main' });
    expect(playground.git(folder, 'rev-parse', '--show-object-format')).toBe(format);
    await expect(Mirror.open(git, folder, fetchUrl(), never)).resolves.toBeInstanceOf(Mirror);
  });

  it('takes a detached HEAD on a commit of no branch, and follows it', async () => {
    playground.commit(upstream, 'a', '1');
    playground.git(upstream, 'checkout', '-q', '--detach');
    const alone = playground.commit(upstream, 'a', '2');
    const mirror = await clone();
    await expect(mirror.head(never)).resolves.toEqual({ commit: alone, branch: undefined });
    const next = playground.commit(upstream, 'a', '3');
    await mirror.fetch(never);
    await expect(mirror.head(never)).resolves.toEqual({ commit: next, branch: undefined });
    playground.git(upstream, 'checkout', '-q', 'main');
    await mirror.fetch(never);
    await expect(mirror.head(never)).resolves.toMatchObject({ branch: 'main' });
  });

  it('takes the place of a broken one', async () => {
    playground.commit(upstream, 'a', '1');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'HEAD'), 'nonsense');
    await expect(Mirror.open(git, folder, fetchUrl(), never)).resolves.toBeUndefined();
    await clone();
    await expect(Mirror.open(git, folder, fetchUrl(), never)).resolves.toBeInstanceOf(Mirror);
    expect(beside()).toEqual(['mirror']);
  });

  it('leaves nothing when it fails', async () => {
    upstream = playground.path('nowhere');
    await expect(clone()).rejects.toMatchObject({ code: 'PROCESS_FAILED' });
    expect(beside()).toEqual([]);
  });

  it('ends git and leaves nothing when it is cancelled while the upstream says nothing', async () => {
    const silent = createServer();
    const arrival = once(silent, 'connection') as Promise<[Socket]>;
    await once(silent.listen(0, '127.0.0.1'), 'listening');
    const controller = new AbortController();
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/x`;
    const cloning = Mirror.clone(git, { folder, fetchUrl: url }, controller.signal);
    const [socket] = await arrival;
    socket.resume().on('error', () => undefined);
    const ended = once(socket, 'close');
    expect(beside()).toEqual([expect.stringMatching(incomingPattern)]);
    controller.abort();
    await expect(cloning).rejects.toMatchObject({ code: 'ABORTED' });
    // The connection was that of a child of git's child: the whole group is gone.
    await ended;
    expect(beside()).toEqual([]);
    silent.close();
  });
});

describe('Mirror.fetch', () => {
  it('follows force pushes, deletions, moved tags and names that become folders', async () => {
    playground.commit(upstream, 'a', '1');
    playground.git(upstream, 'branch', 'topic');
    playground.git(upstream, 'branch', 'gone');
    playground.git(upstream, 'branch', 'deep/down');
    playground.git(upstream, 'tag', 'v1');
    playground.git(upstream, 'tag', 'old');
    const mirror = await clone();
    playground.git(upstream, 'branch', '-D', 'topic', 'gone', 'deep/down');
    playground.git(upstream, 'branch', 'topic/one');
    playground.git(upstream, 'branch', 'deep');
    playground.git(upstream, 'tag', '-d', 'old');
    playground.git(upstream, 'commit', '-q', '--amend', '--allow-empty', '-m', 'Other');
    playground.git(upstream, 'tag', '-f', 'v1');
    await mirror.fetch(never);
    expect(refsOf(folder)).toEqual(refsOf(upstream));
    // And back.
    playground.git(upstream, 'branch', '-D', 'topic/one', 'deep');
    playground.git(upstream, 'branch', 'topic');
    playground.git(upstream, 'branch', 'deep/down');
    await mirror.fetch(never);
    expect(refsOf(folder)).toEqual(refsOf(upstream));
    expect(playground.git(folder, 'fsck', '--full', '--no-dangling')).toBe('');
  });

  it('follows a default branch that is renamed', async () => {
    const head = playground.commit(upstream, 'a', '1');
    const mirror = await clone();
    playground.git(upstream, 'branch', '-m', 'main', 'trunk');
    await mirror.fetch(never);
    await expect(mirror.head(never)).resolves.toEqual({ commit: head, branch: 'trunk' });
    expect(refsOf(folder)).toEqual(refsOf(upstream));
  });

  it('keeps what it has when the upstream is gone', async () => {
    const head = playground.commit(upstream, 'a', '1');
    const mirror = await clone();
    playground.run(playground.folder, 'mv', upstream, `${upstream}-gone`);
    await expect(mirror.fetch(never)).rejects.toMatchObject({ code: 'PROCESS_FAILED' });
    await expect(mirror.upstreamHead(never)).rejects.toMatchObject({ code: 'PROCESS_FAILED' });
    await expect(mirror.head(never)).resolves.toEqual({ commit: head, branch: 'main' });
  });

  it('shows its progress', async () => {
    playground.commit(upstream, 'a', '1');
    const mirror = await clone();
    playground.commit(upstream, 'a', '2');
    const seen: GitProgress[] = [];
    await mirror.fetch(never, { onProgress: (progress) => void seen.push(progress) });
    expect(seen.map(({ phase }) => phase)).toContain('counting objects');
  });
});

describe('what a mirror knows', () => {
  it('commits and the distance between them', async () => {
    const base = playground.commit(upstream, 'a', '1');
    playground.commit(upstream, 'a', '2');
    const head = playground.commit(upstream, 'a', '3');
    const mirror = await clone();
    const unknown = 'f'.repeat(40);
    await expect(mirror.hasCommit(base, never)).resolves.toBe(true);
    await expect(mirror.hasCommit(unknown, never)).resolves.toBe(false);
    await expect(mirror.countBetween(base, head, never)).resolves.toBe(2);
    await expect(mirror.countBetween(head, base, never)).resolves.toBe(0);
    await expect(mirror.countBetween(unknown, head, never)).resolves.toBeUndefined();
    for (const bad of ['HEAD', '--all', base.slice(0, 12), `${base}^`, base.toUpperCase()]) {
      await expect(mirror.hasCommit(bad, never)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    }
  });

  it('no abbreviations of longer ids', async () => {
    upstream = playground.repository('long', '--object-format=sha256');
    const head = playground.commit(upstream, 'a', '1');
    const mirror = await clone();
    await expect(mirror.hasCommit(head, never)).resolves.toBe(true);
    await expect(mirror.hasCommit(head.slice(0, 40), never)).resolves.toBe(false);
  });

  it('refs by their full names', async () => {
    const head = playground.commit(upstream, 'a', '1');
    playground.git(upstream, 'branch', 'deep/down');
    playground.git(upstream, 'tag', '-a', '-m', 'one', 'v1');
    const mirror = await clone();
    const names = ['refs/heads/main', 'refs/tags/v1', 'refs/heads/none', 'refs/heads/deep'];
    await expect(mirror.resolveRefs(names, never)).resolves.toEqual(
      new Map([
        ['refs/heads/main', head],
        ['refs/tags/v1', head],
      ]),
    );
    for (const bad of ['main', '--all', 'refs/heads/*', 'refs/heads/a b', 'refs/heads/a\n']) {
      await expect(mirror.resolveRefs([bad], never)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    }
  });
});
