import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBundle } from './bundle.ts';
import { never, Playground } from './git.fixture.ts';
import type { Git } from './git.ts';
import { Mirror } from './mirror.ts';

let playground: Playground;
let git: Git;
let upstream: string;

beforeEach(async () => {
  playground = new Playground();
  git = await playground.sluiceGit();
  upstream = playground.repository('upstream');
});

afterEach(() => playground[Symbol.dispose]());

const clone = () =>
  Mirror.clone(git, { folder: playground.path('mirror'), fetchUrl: `file://${upstream}` }, never);

/** A user's clone as it is now. */
function userClone(): string {
  const path = playground.path('user');
  playground.git(playground.folder, 'clone', '-q', '--', `file://${upstream}`, path);
  return path;
}

/** Makes the bundle and writes it to a file. */
async function bundleFile(mirror: Mirror, base: string): Promise<{ file: string; head: string }> {
  await using bundle = await createBundle(git, mirror, base, never);
  const pieces: Uint8Array[] = [];
  for await (const piece of bundle.stream) pieces.push(piece);
  const file = playground.path('the.bundle');
  writeFileSync(file, Buffer.concat(pieces));
  return { file, head: bundle.head };
}

describe('createBundle', () => {
  it.each(['sha1', 'sha256'])('brings a clone at base to HEAD (%s)', async (format) => {
    upstream = playground.repository(format, `--object-format=${format}`);
    const base = playground.commit(upstream, 'a', '1');
    const user = userClone();
    playground.commit(upstream, 'b', '2');
    const expected = playground.commit(upstream, 'c', '3');
    const { file, head } = await bundleFile(await clone(), base);
    expect(head).toBe(expected);
    playground.git(user, 'bundle', 'verify', '-q', file);
    playground.git(user, 'pull', '-q', '--ff-only', file, 'main');
    expect(playground.git(user, 'rev-parse', 'HEAD')).toBe(expected);
    expect(playground.git(user, 'status', '--porcelain')).toBe('');
    expect(playground.git(user, 'fsck', '--full')).toBe('');
  });

  it('has what is new only', async () => {
    const noise = Buffer.from(crypto.getRandomValues(new Uint8Array(60_000)));
    const base = playground.commit(upstream, 'noise', noise);
    playground.commit(upstream, 'b', '2');
    const { file } = await bundleFile(await clone(), base);
    expect(Number(playground.run(playground.folder, 'stat', '-c', '%s', file))).toBeLessThan(2000);
  });

  it('leads to a detached HEAD', async () => {
    const base = playground.commit(upstream, 'a', '1');
    const user = userClone();
    playground.git(upstream, 'checkout', '-q', '--detach');
    const expected = playground.commit(upstream, 'b', '2');
    const { file, head } = await bundleFile(await clone(), base);
    expect(head).toBe(expected);
    playground.git(user, 'pull', '-q', '--ff-only', file, 'HEAD');
    expect(playground.git(user, 'rev-parse', 'HEAD')).toBe(expected);
  });

  it('serves a base that a force push has removed, while the mirror has it', async () => {
    playground.commit(upstream, 'a', '1');
    const removed = playground.commit(upstream, 'b', '2');
    const user = userClone();
    const mirror = await clone();
    playground.git(upstream, 'reset', '-q', '--hard', 'HEAD^');
    const expected = playground.commit(upstream, 'b', 'other');
    await mirror.fetch(never);
    const { file, head } = await bundleFile(mirror, removed);
    expect(head).toBe(expected);
    playground.git(user, 'bundle', 'verify', '-q', file);
    playground.git(user, 'fetch', '-q', file, 'main');
    expect(playground.git(user, 'rev-parse', 'FETCH_HEAD')).toBe(expected);
    expect(() => playground.git(user, 'pull', '-q', '--ff-only', file, 'main')).toThrow('fast-forward');
    playground.git(mirror.folder, 'gc', '-q', '--prune=now');
    await expect(bundleFile(mirror, removed)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('has nothing from HEAD, from after it, and from what nobody knows', async () => {
    const first = playground.commit(upstream, 'a', '1');
    const last = playground.commit(upstream, 'a', '2');
    const mirror = await clone();
    await expect(bundleFile(mirror, last)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    playground.git(upstream, 'reset', '-q', '--hard', first);
    await mirror.fetch(never);
    await expect(bundleFile(mirror, last)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(bundleFile(mirror, 'f'.repeat(40))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(bundleFile(mirror, '--all')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('runs no further than it is read, and ends when it is disposed of', async () => {
    // Of no other test: bundles from the same base may be made at this very moment.
    const base = playground.commit(upstream, 'a', randomBytes(16));
    for (const name of ['b', 'c', 'd']) {
      const noise = randomBytes(4 * 1024 * 1024);
      playground.commit(upstream, name, noise);
    }
    const mirror = await clone();
    const bundle = await createBundle(git, mirror, base, never);
    for await (const piece of bundle.stream) {
      expect(piece.length).toBeGreaterThan(0);
      break;
    }
    await bundle[Symbol.asyncDispose]();
    expect(() => playground.run('/', 'pgrep', '-f', `bundle create.*${base}`)).toThrow('Command failed');
  });
});
