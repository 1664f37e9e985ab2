/** Real repositories for tests, in a folder of their own, made by a git that sees no configuration but its own. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createArchive, type ArchiveOptions } from './archive.ts';
import { Git } from './git.ts';
import type { Mirror } from './mirror.ts';

export const never: AbortSignal = new AbortController().signal;

/** Waiting for the disk would be most of what these tests do. */
const unsynced = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'core.fsync', GIT_CONFIG_VALUE_0: 'none' };
const date = '2026-01-01T00:00:00Z';
const author = {
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@b',
  GIT_AUTHOR_DATE: date,
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@b',
  GIT_COMMITTER_DATE: date,
};

export class Playground implements Disposable {
  readonly folder = mkdtempSync(join(realpathSync(tmpdir()), 'sluice-git-test-'));
  #restored = 0;

  path(...names: readonly string[]): string {
    return join(this.folder, ...names);
  }

  run(cwd: string, command: string, ...args: readonly string[]): string {
    const env = {
      ...author,
      ...unsynced,
      PATH: process.env['PATH'],
      HOME: this.folder,
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
    };
    return execFileSync(command, args, {
      cwd,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trimEnd();
  }

  git(cwd: string, ...args: readonly string[]): string {
    return this.run(cwd, 'git', ...args);
  }

  /** An empty repository with a working tree. */
  repository(name: string, ...options: readonly string[]): string {
    const path = this.path(name);
    mkdirSync(path, { recursive: true });
    this.git(path, 'init', '--quiet', '--initial-branch=main', ...options);
    return path;
  }

  /** Writes one file and commits it. Returns the commit. */
  commit(repository: string, file: string, content: string | Uint8Array): string {
    mkdirSync(dirname(join(repository, file)), { recursive: true });
    writeFileSync(join(repository, file), content);
    this.git(repository, 'add', '--all');
    this.git(repository, 'commit', '--quiet', '--message', `Write ${file.slice(0, 40)}`);
    return this.git(repository, 'rev-parse', 'HEAD');
  }

  /** Sluice's git. */
  async sluiceGit(): Promise<Git> {
    const folder = this.path('sluice');
    mkdirSync(folder, { recursive: true });
    return Git.using(folder, unsynced);
  }

  /** Makes the archive of `source` and extracts it with tar and zstd. */
  async restore(source: string | Mirror, options: ArchiveOptions): Promise<{ tree: string; commit: string }> {
    await using archive = await createArchive(source, { temp: this.folder, ...options }, never);
    const pieces: Uint8Array[] = [];
    for await (const piece of archive.stream) pieces.push(piece);
    const tree = this.path(`restored-${(this.#restored += 1)}`);
    mkdirSync(tree);
    writeFileSync(`${tree}.tar.zst`, Buffer.concat(pieces));
    this.run(tree, 'sh', '-c', 'zstd -q -d -c "$1" | tar -x', 'sh', `${tree}.tar.zst`);
    return { tree, commit: archive.commit };
  }

  /** What is in the folder whose name has `text` in it. */
  names(text: string): string[] {
    return readdirSync(this.folder).filter((name) => name.includes(text));
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
