/** A real repository to make snapshots of, and a look at what comes out at the other end. */
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const environment = {
  PATH: process.env['PATH'] ?? '',
  HOME: tmpdir(),
  LC_ALL: 'C',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@b',
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@b',
};

function run(cwd: string, command: string, ...args: readonly string[]): string {
  return execFileSync(command, args, { cwd, env: environment, encoding: 'utf8', stdio: 'pipe' }).trim();
}

/** What somebody finds in a restored folder. */
export interface Clone {
  readonly head: string;
  readonly origin: string;
  /** What `git status` shows: nothing. */
  readonly changes: string;
  /** What `git fsck` complains of: nothing. */
  readonly damage: string;
}

/** Looks at a clone with git. @throws when it is none */
export function inspect(folder: string): Clone {
  const damage = spawnSync('git', ['fsck', '--full', '--strict', '--no-progress'], {
    cwd: folder,
    env: environment,
    encoding: 'utf8',
  });
  return {
    head: run(folder, 'git', 'rev-parse', 'HEAD'),
    origin: run(folder, 'git', 'remote', 'get-url', 'origin'),
    changes: run(folder, 'git', 'status', '--porcelain'),
    damage: damage.status === 0 ? '' : damage.stderr,
  };
}

function archiveOf(folder: string): Buffer {
  return execFileSync('tar', ['--zstd', '-cf', '-', '.'], {
    cwd: folder,
    env: environment,
    maxBuffer: 256 * 1024 * 1024,
  });
}

export class Upstream implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'sluice-upstream-'));
  readonly #tree = join(this.#folder, 'tree');

  constructor() {
    mkdirSync(this.#tree);
    run(this.#tree, 'git', 'init', '--quiet', '--initial-branch', 'main');
  }

  /** Where it can be fetched from. */
  get url(): string {
    return pathToFileURL(this.#tree).href;
  }

  /** Commits a file of random bytes, which do not compress. @returns the commit */
  commit(name: string, bytes: number): string {
    writeFileSync(join(this.#tree, name), randomBytes(bytes));
    run(this.#tree, 'git', 'add', '--all');
    run(this.#tree, 'git', 'commit', '--quiet', '--message', `Write ${name}`);
    return run(this.#tree, 'git', 'rev-parse', 'HEAD');
  }

  /** From now on it is not there. */
  vanish(): void {
    renameSync(this.#tree, `${this.#tree}-gone`);
  }

  /** A folder for what a test needs. */
  newFolder(): string {
    return mkdtempSync(join(this.#folder, 'of-a-test-'));
  }

  /** Extracts the archive with tar and zstd and looks at the clone in it. */
  inspectArchive(archive: Uint8Array): Clone {
    return inspect(this.#extract(archive));
  }

  /** The commits of an archive of a bare repository, by the names of their refs. */
  inspectMirror(archive: Uint8Array): Readonly<Record<string, string>> {
    const refs = run(this.#extract(archive), 'git', '--git-dir=.', 'show-ref').split('\n');
    return Object.fromEntries(refs.map((line) => line.split(' ').toReversed()) as [string, string][]);
  }

  /** The commit that a bundle leads to. @throws when it is none, or not for who has this repository */
  inspectBundle(bundle: Uint8Array): string {
    const path = join(this.newFolder(), 'bundle');
    writeFileSync(path, bundle);
    run(this.#tree, 'git', 'bundle', 'verify', '--quiet', path);
    return run(this.#tree, 'git', 'bundle', 'list-heads', path).split(' ')[0] ?? '';
  }

  /** The archive of a clone whose origin is `origin`, made with nothing but git, tar and zstd. */
  cloneArchive(origin: string): Buffer {
    const folder = join(this.newFolder(), 'clone');
    run(this.#folder, 'git', 'clone', '--quiet', this.url, folder);
    run(folder, 'git', 'remote', 'set-url', 'origin', origin);
    return archiveOf(folder);
  }

  /** The same of a bare clone. */
  mirrorArchive(): Buffer {
    const folder = join(this.newFolder(), 'mirror.git');
    run(this.#folder, 'git', 'clone', '--quiet', '--mirror', this.url, folder);
    return archiveOf(folder);
  }

  #extract(archive: Uint8Array): string {
    const folder = this.newFolder();
    const options = { cwd: folder, env: environment, input: archive };
    const { status, stderr } = spawnSync('tar', ['--zstd', '-xf', '-'], options);
    if (status !== 0) throw new Error(`tar failed: ${stderr.toString()}`);
    return folder;
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
