/** Repositories that a server serves under real names, and a look at what `sluice restore` makes of them. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Workshop } from '#main/client/restore.fixture.ts';
import { sluice, type Finished } from './testing.ts';

/** Small, so that even a small snapshot comes in several ranges. */
const smallRanges = ['--chunk-size', '64KiB', '--concurrency', '4'] as const;

/** The upstreams of `https://git.example/team/*`, and a folder for what a server keeps. */
export class Team implements Disposable {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-team-')));
  readonly dataDir = join(this.folder, 'data');
  readonly storeUrl = `file://${join(this.folder, 'store')}`;
  readonly rule = `https://git.example/team/*=file://${join(this.folder, 'upstreams')}/*`;
  readonly #projects: Project[] = [];

  constructor() {
    mkdirSync(join(this.folder, 'upstreams'));
  }

  /** A new repository, which only servers that have the rule know. */
  project(name: string, ...initFlags: readonly string[]): Project {
    const project = new Project(name, join(this.folder, 'upstreams', name), initFlags);
    this.#projects.push(project);
    return project;
  }

  [Symbol.dispose](): void {
    for (const project of this.#projects) project[Symbol.dispose]();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** What can be told of a clone by looking at it. */
export type Look = Readonly<Record<'head' | 'branch' | 'status' | 'index' | 'damage' | 'files', string>>;

export class Project extends Workshop {
  readonly url: string;
  readonly #upstream: string;

  constructor(name: string, upstream: string, initFlags: readonly string[]) {
    super(...initFlags);
    this.url = `https://git.example/team/${name}`;
    this.#upstream = upstream;
    symlinkSync(this.repository, upstream);
  }

  /** From now on nobody finds it where it was. */
  vanish(): void {
    rmSync(this.#upstream);
  }

  /** Throws away what nothing reaches any more, as a forge does some time after a force push. */
  forget(): void {
    this.git(this.repository, 'reflog', 'expire', '--expire=now', '--all');
    this.git(this.repository, 'gc', '--quiet', '--prune=now');
  }

  /** Runs a command of sluice against a server. */
  sluice(server: { readonly url: string }, ...args: readonly string[]): Promise<Finished> {
    return sluice(args, { env: { ...this.env, SLUICE_URL: server.url }, cwd: this.place });
  }

  /** Runs `sluice restore` into a folder of `place`. */
  restore(server: { readonly url: string }, name = 'clone', ...flags: readonly string[]): Promise<Finished> {
    return this.sluice(server, 'restore', this.url, name, ...smallRanges, ...flags);
  }

  /** What git and the file system say of a clone in `place`. */
  look(name = 'clone'): Look {
    const clone = join(this.place, name);
    const find = ['.', '-path', './.git', '-prune', '-o', '-printf', '%P %y %m %l\\0'];
    const files = execFileSync('find', find, { cwd: clone, encoding: 'latin1', env: this.env });
    return {
      head: this.git(clone, 'rev-parse', 'HEAD'),
      branch: this.git(clone, 'rev-parse', '--abbrev-ref', 'HEAD'),
      status: this.git(clone, 'status', '--porcelain'),
      index: this.git(clone, 'ls-files', '--stage', '-z'),
      // What a force push has left behind is no damage.
      damage: this.git(clone, 'fsck', '--full', '--strict', '--no-dangling', '--no-progress'),
      files: files.split('\0').toSorted().join('\n'),
    };
  }

  /** The same of a plain clone of the upstream as it is now. */
  plain(): Look {
    const plain = join(this.place, 'plain');
    if (existsSync(plain)) rmSync(plain, { recursive: true });
    this.git(this.place, 'clone', '--quiet', '--template=', `file://${this.repository}`, 'plain');
    const look = this.look('plain');
    rmSync(plain, { recursive: true });
    return look;
  }
}
