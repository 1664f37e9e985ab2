/** Repositories, archives and servers for the tests of restore: real git, tar, zstd and sockets. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createArchive } from '#main/git/archive.ts';
import { restore, type RestoreEvent, type RestoreOptions, type Restored } from './restore.ts';
import { serveRange, serveTest, type Handler, type TestServer } from './test-server.ts';

export const upstream = 'https://git.example/team/project';
export const snapshotPath = '/git/git.example/team/project/snapshot.tar.zst';
const never = new AbortController().signal;

/** A folder of its own, with a repository in it and a place for what is restored. */
export class Workshop implements Disposable {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-restore-test-')));
  readonly repository = join(this.folder, 'repository');
  readonly place = join(this.folder, 'place');
  readonly target = join(this.place, 'clone');

  constructor(...initFlags: readonly string[]) {
    mkdirSync(this.place);
    mkdirSync(join(this.folder, 'home'));
    this.git(this.folder, 'init', '--quiet', '--initial-branch=main', ...initFlags, this.repository);
  }

  get env(): Record<string, string> {
    const who = ['AUTHOR', 'COMMITTER'].flatMap((name) => [
      [`GIT_${name}_NAME`, 'A'],
      [`GIT_${name}_EMAIL`, 'a@b'],
      [`GIT_${name}_DATE`, '2026-01-01T00:00:00Z'],
    ]);
    const path = process.env['PATH'] ?? '';
    const config = {
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      // Thousands of objects would each be waited for.
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'core.fsync',
      GIT_CONFIG_VALUE_0: 'none',
      LC_ALL: 'C.UTF-8',
    };
    return { PATH: path, HOME: join(this.folder, 'home'), ...config, ...Object.fromEntries(who) };
  }

  run(cwd: string, command: string, ...args: readonly string[]): string {
    const stdio = ['ignore', 'pipe', 'pipe'] as const;
    const maxBuffer = 64 * 1024 * 1024;
    return execFileSync(command, args, {
      cwd,
      encoding: 'utf8',
      stdio: [...stdio],
      env: this.env,
      maxBuffer,
    }).trim();
  }

  git(cwd: string, ...args: readonly string[]): string {
    return this.run(cwd, 'git', ...args);
  }

  /** Writes files into the repository and commits everything. @returns the commit */
  commit(files: Readonly<Record<string, string | Uint8Array>>, message = 'Change'): string {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.repository, path)), { recursive: true });
      writeFileSync(join(this.repository, path), content);
    }
    this.git(this.repository, 'add', '--all');
    this.git(this.repository, 'commit', '--quiet', '--allow-empty', '--message', message);
    return this.git(this.repository, 'rev-parse', 'HEAD');
  }

  /** Commits files without having them in the working tree: thousands, or big ones, in no time. */
  import(files: Iterable<readonly [path: string, content: Uint8Array]>): void {
    const pieces: Uint8Array[] = [
      Buffer.from('commit refs/heads/main\ncommitter A <a@b> 1700000000 +0000\ndata 0\n'),
    ];
    for (const [path, content] of files)
      pieces.push(
        Buffer.from(`M 100644 inline ${path}\ndata ${content.length}\n`),
        content,
        Buffer.from('\n'),
      );
    const args = [
      '-c',
      'core.compression=0',
      '-c',
      'pack.compression=0',
      'fast-import',
      '--quiet',
      '--depth=0',
    ];
    execFileSync('git', args, { cwd: this.repository, env: this.env, input: Buffer.concat(pieces) });
  }

  async archive(): Promise<{ readonly bytes: Buffer; readonly commit: string }> {
    await using archive = await createArchive(this.repository, { upstream }, never);
    const pieces: Uint8Array[] = [];
    for await (const piece of archive.stream) pieces.push(piece);
    return { bytes: Buffer.concat(pieces), commit: archive.commit };
  }

  /** The bundle from `base` to HEAD, as servers make them. */
  bundle(base: string, ...refs: readonly string[]): Buffer {
    const revisions = refs.length > 0 ? refs : ['main'];
    const args = ['bundle', 'create', '--quiet', '-', ...revisions, `^${base}`];
    return execFileSync('git', args, { cwd: this.repository, env: this.env });
  }

  /** The archive of a clone that `change` has changed: what a hostile server could send. */
  async changedArchive(change: (clone: string) => void): Promise<Buffer> {
    const clone = join(this.folder, 'changed');
    rmSync(clone, { recursive: true, force: true });
    this.git(this.folder, 'clone', '--quiet', '--template=', this.repository, clone);
    this.git(clone, 'remote', 'set-url', 'origin', upstream);
    change(clone);
    return this.pack(clone, '.');
  }

  /** `tar` of these members, compressed. */
  pack(cwd: string, ...tarArguments: readonly string[]): Buffer {
    const args = ['-C', cwd, '-cf', '-', ...tarArguments];
    const tar = execFileSync('tar', args, { env: this.env, maxBuffer: 1e9 });
    return execFileSync('zstd', ['-q', '-c'], { input: tar, env: this.env, maxBuffer: 1e9 });
  }

  /** What is where the target is to be: empty unless something was left behind. */
  get leftovers(): readonly string[] {
    return readdirSync(this.place);
  }

  /** Makes the place for what is restored empty again. */
  clear(): void {
    rmSync(this.place, { recursive: true, force: true });
    mkdirSync(this.place);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export interface Served {
  readonly archive: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  readonly etag?: string | undefined;
  /** Answers everything but the snapshot. */
  readonly others?: Handler;
}

/** A server with one snapshot. */
export function serveSnapshot({ archive, headers = {}, etag = '"v1"', others }: Served): Promise<TestServer> {
  const good = serveRange(archive, etag);
  return serveTest((request, response) => {
    if (request.url !== snapshotPath) {
      if (others) return others(request, response);
      response.writeHead(404).end();
      return;
    }
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    return good(request, response);
  });
}

export interface Outcome {
  readonly restored: Restored;
  readonly events: readonly RestoreEvent[];
  readonly warnings: readonly string[];
}

/** Restores into the workshop's target. */
export async function restoreFrom(
  server: Pick<TestServer, 'url'>,
  shop: Workshop,
  options: Partial<RestoreOptions> = {},
  signal: AbortSignal = never,
): Promise<Outcome> {
  const events: RestoreEvent[] = [];
  const restored = await restore(
    {
      repository: upstream,
      directory: shop.target,
      server: server.url,
      chunkBytes: 64 * 1024,
      onEvent: (event) => events.push(event),
      ...options,
    },
    signal,
  );
  return { restored, events, warnings: warningsIn(events) };
}

function warningsIn(events: readonly RestoreEvent[]): readonly string[] {
  return events.flatMap((event) => (event.event === 'warning' ? [event.message] : []));
}
