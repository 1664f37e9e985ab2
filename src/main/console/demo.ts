/**
 * The demo: synthetic objects under the namespace `demo`, and clients in this process that read them over real HTTP
 * from the server's own address. Everything ends with `stop`, and with the server.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { readPaced } from '#main/client/paced-reader.ts';
import type { SyntheticObjects } from '#main/object-store/synthetic.ts';
import type { DemoState } from '#shared/contract/demo.ts';
import { SluiceError } from '#shared/errors.ts';
import { GiB, MiB } from '#shared/units.ts';

export const demoNamespace = 'demo';
const mainName = 'two-gigabytes.bin';
const sizeBytes = 2 * GiB;
/**
 * Connections of the slow client at most: nearly as many as the console draws lanes. Each has an object of its own:
 * readers of one object wait for each other, to share what comes from the store, and that would be another story.
 */
const mostSlow = 20;
const slowBytesPerSecond = MiB / 2;
const fastBytesPerSecond = 48 * MiB;
/** After a connection that failed (the server may be full: that is what is shown). */
const pauseMs = 500;

export interface DemoSources {
  readonly objects: SyntheticObjects;
  /** The key in the store of an object in the namespace. */
  readonly key: (name: string) => string;
  /** Where the server listens; known once it does. */
  readonly serverUrl: () => string;
  /** Chunks that the budget has room for: the slow client has a connection for each, up to a bound. */
  readonly chunks: number;
  /** Forgets the object in every level. */
  readonly forget: (key: string) => Promise<void>;
}

export class Demo implements AsyncDisposable {
  readonly #sources: DemoSources;
  #isRunning = false;
  #slow: Clients | undefined;
  #fast: Clients | undefined;

  constructor(sources: DemoSources) {
    this.#sources = sources;
  }

  state(): DemoState {
    return {
      isRunning: this.#isRunning,
      isSlowClientOn: this.#slow !== undefined,
      isFastClientOn: this.#fast !== undefined,
      url: this.#url(mainName).href,
      sizeBytes,
    };
  }

  /** Serves the object; nothing more happens when it is served already. */
  async start(): Promise<DemoState> {
    if (!this.#isRunning) {
      this.#isRunning = true;
      for (const key of this.#keys()) {
        this.#sources.objects.add(key, sizeBytes);
        // That there was no such object is remembered for a moment.
        await this.#sources.forget(key);
      }
      this.fastClient(true);
    }
    return this.state();
  }

  /** @throws SluiceError INVALID_INPUT before `start` */
  slowClient(on: boolean): DemoState {
    this.#demand();
    if (on) this.#slow ??= this.#read(this.#slowNames(), slowBytesPerSecond);
    else this.#slow = this.#end(this.#slow);
    return this.state();
  }

  /** @throws SluiceError INVALID_INPUT before `start` */
  fastClient(on: boolean): DemoState {
    this.#demand();
    if (on) this.#fast ??= this.#read([mainName], fastBytesPerSecond);
    else this.#fast = this.#end(this.#fast);
    return this.state();
  }

  /** Ends the clients, then takes the object away. */
  async stop(): Promise<DemoState> {
    const clients = [this.#slow, this.#fast];
    this.#slow = this.#end(this.#slow);
    this.#fast = this.#end(this.#fast);
    this.#isRunning = false;
    for (const key of this.#keys()) this.#sources.objects.remove(key);
    for (const each of clients) await each?.ended;
    for (const key of this.#keys()) await this.#sources.forget(key);
    return this.state();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isRunning) await this.stop();
  }

  #demand(): void {
    if (!this.#isRunning) throw new SluiceError('INVALID_INPUT', 'the demo has not been started');
  }

  #slowNames(): readonly string[] {
    const count = Math.min(mostSlow, this.#sources.chunks);
    return Array.from({ length: count }, (_, index) => `slow-${index + 1}.bin`);
  }

  #keys(): readonly string[] {
    return [mainName, ...this.#slowNames()].map((name) => this.#sources.key(name));
  }

  #url(name: string): URL {
    return new URL(
      `/api/v1/object/${demoNamespace}/${name}`,
      this.#sources.serverUrl() || 'http://localhost',
    );
  }

  /** A connection for each object, begun again when it has ended. */
  #read(names: readonly string[], bytesPerSecond: number): Clients {
    const stopping = new AbortController();
    const { signal } = stopping;
    const one = async (url: URL): Promise<void> => {
      while (!signal.aborted) {
        // Whatever became of it, the lane has shown it: a demo logs nothing.
        await readPaced(url, bytesPerSecond, signal).catch(() => undefined);
        await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
      }
    };
    const all = Promise.all(names.map((name) => one(this.#url(name))));
    return { stopping, ended: all.then(() => undefined) };
  }

  #end(clients: Clients | undefined): undefined {
    clients?.stopping.abort();
    return undefined;
  }
}

interface Clients {
  readonly stopping: AbortController;
  readonly ended: Promise<void>;
}
