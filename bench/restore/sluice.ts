/** Our end: a built server over a store, whose snapshot of the repository is made beforehand. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseUpstream, snapshotUrl } from '#main/client/server.ts';
import { MiB } from '#shared/units.ts';
import { run, sluiceEntry, startSluiceServer, type Server } from '../processes.ts';
import type { SnapshotStore } from './store.ts';
import type { Watched } from './usage.ts';

/** The name under which the repository is served. */
const upstream = 'https://git.example/bench/repository';

/** Of the server. */
export const budgetBytes = 256 * MiB;

export class SluiceEnd implements AsyncDisposable {
  readonly #store: SnapshotStore;
  readonly #dataDir: string;
  readonly #rule: string;
  #server: Server | undefined;

  constructor(store: SnapshotStore, folder: string, repository: string) {
    this.#store = store;
    this.#dataDir = join(folder, 'data');
    this.#rule = `${upstream}=file://${repository}`;
  }

  get watched(): Watched {
    return { Sluice: this.#running.pid };
  }

  /** Makes the snapshot. @returns how long that took, from nothing, and how large it is */
  async makeSnapshot(): Promise<{ readonly seconds: number; readonly bytes: number }> {
    await this.#start();
    const startedAt = performance.now();
    await run(process.execPath, [sluiceEntry, 'snapshot', upstream, '--server', this.#running.url]);
    const seconds = (performance.now() - startedAt) / 1000;
    const answer = await fetch(this.#snapshotUrl, { method: 'HEAD' });
    return { seconds, bytes: Number(answer.headers.get('content-length')) };
  }

  /** A server that has just started: nothing of the snapshot in memory or on its disk. */
  async cool(): Promise<void> {
    await this.#server?.[Symbol.asyncDispose]();
    this.#server = undefined;
    await rm(join(this.#dataDir, 'cache'), { recursive: true, force: true });
    await this.#start();
  }

  /** A server that has served the snapshot before. */
  async warm(): Promise<void> {
    await run('curl', ['-sf', '-o', '/dev/null', this.#snapshotUrl]);
  }

  /** The command that restores into `target`. */
  restoreCommand(target: string): readonly [string, ...(readonly string[])] {
    return [process.execPath, sluiceEntry, 'restore', upstream, target, '--server', this.#running.url];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server?.[Symbol.asyncDispose]();
  }

  get #running(): Server {
    if (!this.#server) throw new Error('the server has not been started');
    return this.#server;
  }

  get #snapshotUrl(): string {
    return snapshotUrl(new URL(this.#running.url), parseUpstream(upstream, 'upstream')).href;
  }

  async #start(): Promise<void> {
    const flags = [
      ...this.#store.flags,
      '--data-dir',
      this.#dataDir,
      '--repository',
      this.#rule,
      '--memory-budget',
      `${budgetBytes}`,
      // Nothing happens but what is measured.
      '--fetch-interval',
      '0',
      '--snapshot-interval',
      '0',
    ];
    this.#server = await startSluiceServer(flags, this.#store.env);
  }
}
