import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createArchive } from './archive.ts';
import { zstdProvider, type ZstdProvider } from './zstd.ts';

const upstream = 'https://git.example/team/project';
const never = new AbortController().signal;
let folder: string;
let repository: string;

const run = (cwd: string, command: string, ...args: readonly string[]) =>
  execFileSync(command, args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: testEnvironment(),
  }).trim();
const git = (cwd: string, ...args: readonly string[]) => run(cwd, 'git', ...args);

function testEnvironment(): NodeJS.ProcessEnv {
  const who = {
    GIT_AUTHOR_NAME: 'A',
    GIT_AUTHOR_EMAIL: 'a@b',
    GIT_COMMITTER_NAME: 'A',
    GIT_COMMITTER_EMAIL: 'a@b',
  };
  return { PATH: process.env['PATH'], HOME: folder, TMPDIR: folder, GIT_CONFIG_NOSYSTEM: '1', ...who };
}

function commit(file: string, content: string | Uint8Array): string {
  writeFileSync(join(repository, file), content);
  git(repository, 'add', '--all');
  git(repository, 'commit', '--quiet', '--message', `Write ${file}`);
  return git(repository, 'rev-parse', 'HEAD');
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-archive-test-'));
  process.env['TMPDIR'] = folder;
  repository = join(folder, 'a repository');
  mkdirSync(join(repository, 'src'), { recursive: true });
  git(repository, 'init', '--quiet', '--initial-branch', 'main');
});

afterEach(() => {
  delete process.env['TMPDIR'];
  rmSync(folder, { recursive: true, force: true });
});

/** Writes the archive to a file, extracts it with tar and zstd, and returns the tree. */
async function restore(source: string, zstd: ZstdProvider = zstdProvider()) {
  await using archive = await createArchive(source, { upstream, zstd }, never);
  const pieces: Uint8Array[] = [];
  for await (const piece of archive.stream) pieces.push(piece);
  const file = join(folder, 'snapshot.tar.zst');
  const tree = join(folder, 'restored');
  writeFileSync(file, Buffer.concat(pieces));
  mkdirSync(tree);
  run(folder, 'zstd', '-q', '-d', file, '-o', `${file}.tar`);
  run(tree, 'tar', '-xf', `${file}.tar`);
  return { tree, commit: archive.commit, paths: run(folder, 'tar', '-tf', `${file}.tar`).split('\n') };
}

const leftovers = () => readdirSync(folder).filter((name) => name.startsWith('sluice-archive-'));

describe('createArchive', () => {
  it.each(['node:zlib', 'zstd command'] as const)(
    'makes a working-tree clone, compressed by %s',
    async (zstd) => {
      commit('README.md', 'hello\n');
      const head = commit('src/data.bin', createHash('sha512').update('data').digest());
      git(repository, 'tag', 'v1');
      const { tree, commit: archived, paths } = await restore(repository, zstd);
      expect(archived).toBe(head);
      expect(paths.every((path) => path.startsWith('./'))).toBe(true);
      expect(git(tree, 'status', '--porcelain')).toBe('');
      expect(git(tree, 'fsck', '--full', '--strict')).toBe('');
      expect(git(tree, 'rev-parse', 'HEAD', 'v1', 'origin/main')).toBe([head, head, head].join('\n'));
      expect(git(tree, 'remote', 'get-url', 'origin')).toBe(upstream);
      expect(git(tree, 'config', 'branch.main.remote')).toBe('origin');
      expect(git(tree, 'config', 'remote.origin.fetch')).toBe('+refs/heads/*:refs/remotes/origin/*');
      expect(leftovers()).toEqual([]);
    },
  );

  it('holds HEAD, not what is uncommitted, unreachable or only local', async () => {
    commit('secret.txt', 'amended away');
    const secret = git(repository, 'rev-parse', 'HEAD:secret.txt');
    git(repository, 'rm', '--quiet', 'secret.txt');
    writeFileSync(join(repository, 'README.md'), 'committed\n');
    git(repository, 'add', '--all');
    git(repository, 'commit', '--quiet', '--amend', '--message', 'First');
    writeFileSync(join(repository, 'README.md'), 'changed\n');
    writeFileSync(join(repository, '.git', 'hooks', 'post-checkout'), '#!/bin/sh\n', { mode: 0o755 });
    const { tree } = await restore(repository);
    expect(readFileSync(join(tree, 'README.md'), 'utf8')).toBe('committed\n');
    expect(() => git(tree, 'cat-file', '-e', secret)).toThrow('Command failed');
    expect(existsSync(join(tree, '.git', 'hooks', 'post-checkout'))).toBe(false);
    expect(() => run(tree, 'grep', '-r', '-l', '--', folder, '.')).toThrow('Command failed');
  });

  it('takes a detached HEAD', async () => {
    const first = commit('a', '1');
    commit('a', '2');
    git(repository, 'checkout', '--quiet', first);
    const { tree, commit: archived } = await restore(repository);
    expect(archived).toBe(first);
    expect(git(tree, 'status', '--porcelain')).toBe('');
  });

  it('takes a shallow repository, as continuous integration makes them', async () => {
    commit('a', '1');
    const head = commit('a', '2');
    const shallow = join(folder, 'shallow');
    git(folder, 'clone', '--quiet', '--depth', '1', `file://${repository}`, shallow);
    const { tree, commit: archived } = await restore(shallow);
    expect(archived).toBe(head);
    expect(git(tree, 'fsck', '--full')).toBe('');
    expect(git(tree, 'status', '--porcelain')).toBe('');
  });

  it('takes a bare repository', async () => {
    const head = commit('a', '1');
    const bare = join(folder, 'bare.git');
    git(folder, 'clone', '--quiet', '--bare', repository, bare);
    expect((await restore(bare)).commit).toBe(head);
  });

  it('is not led astray by a surrounding git command', async () => {
    const head = commit('a', '1');
    process.env['GIT_DIR'] = '/nowhere';
    try {
      expect((await restore(repository)).commit).toBe(head);
    } finally {
      delete process.env['GIT_DIR'];
    }
  });

  it.each([
    ['a folder that does not exist', 'nowhere', 'does not exist'],
    ['a folder inside a repository', 'a repository/src', 'is not a git repository'],
    ['a folder outside any repository', '.', 'is not a git repository'],
    ['a repository without a commit', 'a repository', 'is a git repository without a commit'],
  ])('refuses %s', async (_, path, what) => {
    const directory = join(folder, path);
    await expect(createArchive(directory, { upstream }, never)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message:
        `DIRECTORY ${JSON.stringify(directory)} ${what}: ` +
        'allowed is the top folder of a git repository with a commit',
    });
    expect(leftovers()).toEqual([]);
  });

  it('leaves nothing behind when it is cancelled before, or while it is read', async () => {
    commit('noise', Buffer.from(crypto.getRandomValues(new Uint8Array(65_536))));
    await expect(createArchive(repository, { upstream }, AbortSignal.abort())).rejects.toMatchObject({
      code: 'ABORTED',
    });
    expect(leftovers()).toEqual([]);
    {
      const controller = new AbortController();
      await using archive = await createArchive(repository, { upstream }, controller.signal);
      controller.abort();
      const read = async () => {
        for await (const piece of archive.stream) expect(piece.length).toBeGreaterThan(0);
      };
      await expect(read()).rejects.toMatchObject({ code: 'ABORTED' });
    }
    expect(leftovers()).toEqual([]);
  });

  it('fails, and does not end, when the tree cannot be packed', async () => {
    commit('a', '1');
    await using archive = await createArchive(repository, { upstream }, never);
    const [clone = ''] = leftovers();
    rmSync(join(folder, clone, 'tree'), { recursive: true });
    const read = async () => {
      for await (const piece of archive.stream) expect(piece.length).toBeGreaterThan(0);
    };
    await expect(read()).rejects.toMatchObject({ code: 'PROCESS_FAILED' });
  });
});
