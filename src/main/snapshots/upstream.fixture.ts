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
    const folder = this.newFolder();
    const options = { cwd: folder, env: environment, input: archive };
    const { status, stderr } = spawnSync('tar', ['--zstd', '-xf', '-'], options);
    if (status !== 0) throw new Error(`tar failed: ${stderr.toString()}`);
    return inspect(folder);
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
