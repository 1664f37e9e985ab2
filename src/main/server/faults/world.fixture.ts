/**
 * A whole server between clients and an origin that fails: client → Sluice → fault proxy → origin, all over real
 * sockets. The origin is the embedded S3 server in a process of its own, or another Sluice as an HTTP origin.
 */
import { randomBytes } from 'node:crypto';
import { expect, vi } from 'vitest';
import { startTestServer, type TestServer } from '#main/app.fixture.ts';
import type { FetchTuning } from '#main/fetch/tuning.ts';
import { startEmbeddedServer, type EmbeddedServer } from '#main/object-store/embedded-server.ts';
import { startFaultProxy, type Fault, type FaultProxy } from '#main/object-store/fault-proxy.ts';
import { expectQuiet, expectWithinBudget } from '#main/testing/gauges.ts';
import type { Engine } from '#main/transfer/engine.ts';
import type { Config } from '#shared/config.ts';
import type { ByteRange } from '#shared/range.ts';
import { KiB } from '#shared/units.ts';

export const origins = ['S3', 'an HTTP origin'] as const;
export type Origin = (typeof origins)[number];

export const chunkBytes = 256 * KiB;
/** Five chunks and a half, which is no multiple of anything. */
export const content = randomBytes(5 * chunkBytes + 131_071);

/** Which request is spoiled: the one that finds the object, or one for a chunk further on. */
export const places = { 'the first look': 0, 'a later chunk': 3 * chunkBytes } as const;
export type Place = keyof typeof places;

/** A store that is slow because the machine is busy must not be taken for one that stalls. */
export const patient: FetchTuning = {
  hedging: 'off',
  stalls: { firstByteMinMs: 10_000, firstByteMaxMs: 15_000, idleMs: 15_000, requestMs: 60_000 },
  retries: { backOffMs: 5 },
};

/** For stalls: gives up soon, and tries again often enough to get over one that was none. */
export const hasty: FetchTuning = {
  hedging: 'off',
  stalls: { firstByteMinMs: 400, firstByteMaxMs: 400, idleMs: 400 },
  retries: { backOffMs: 5, attempts: 20 },
};

/** The same for a body that says no more: it comes all at once from the proxy, its head from a store that may be slow. */
export const hastyInBodies: FetchTuning = { ...hasty, stalls: { ...patient.stalls, idleMs: 400 } };

interface WorldOptions {
  readonly origin?: Origin;
  readonly tuning?: FetchTuning;
  readonly config?: Partial<Config>;
  /** Of the proxy; any that is free unless it is given. */
  readonly port?: number;
}

export class World implements AsyncDisposable {
  readonly origin: Origin;
  readonly sluice: TestServer;
  readonly proxy: FaultProxy;
  readonly #behind: TestServer;
  readonly #sampler: NodeJS.Timeout;
  readonly #excesses: unknown[] = [];

  constructor(origin: Origin, sluice: TestServer, proxy: FaultProxy, behind: TestServer) {
    this.origin = origin;
    this.sluice = sluice;
    this.proxy = proxy;
    this.#behind = behind;
    this.#sampler = setInterval(() => this.#sample(), 5);
  }

  /** Puts an object where the origin has it. @returns its path */
  put(bytes: Uint8Array = content, key: string = randomBytes(8).toString('hex')): Promise<string> {
    return this.origin === 'S3' ? this.sluice.put(key, bytes) : this.#behind.put(key, bytes);
  }

  /** The same object under the same name, behind the back of the server under test. */
  async replace(path: string, bytes: Uint8Array): Promise<void> {
    await this.#behind.put(path.slice(path.lastIndexOf('/') + 1), bytes);
  }

  /** Spoils answers to GETs of the data in the chunk at `place`, or anywhere. */
  spoil(place: Place | 'any', fault: Fault, times = 1): void {
    const isThere = (start = -1): boolean =>
      place === 'any' || (start >= places[place] && start < places[place] + chunkBytes);
    this.proxy.spoil((line, { range }) => isData(line) && isThere(rangeOf(range)?.start), fault, times);
  }

  /** The ranges of the data that were asked for so far. */
  get asked(): readonly ByteRange[] {
    const { requests, heads } = this.proxy;
    return requests.flatMap((line, index) => (isData(line) ? (rangeOf(heads[index]?.range) ?? []) : []));
  }

  /** A whole object as a client gets it. `whole`: as many bytes came as were promised. */
  async read(path: string, fields: readonly string[] = []): Promise<Reading> {
    using client = await this.sluice.connect();
    const head = await client.request(`GET ${path}`, [...fields, 'Connection: close']).head();
    const promised = Number(head.headers['content-length'] ?? 0);
    const body = await client.body(promised);
    await client.ended();
    return { status: head.status, body, whole: body.length === promised };
  }

  /** A value of /metrics; 0 when it has none. */
  async metric(name: string): Promise<number> {
    return (await this.sluice.metrics()).get(`sluice_${name}`) ?? 0;
  }

  /** How a client fares, once nothing of it is left; `wrong` is 0 for identical bytes. */
  async outcome(path: string, bytes: Uint8Array = content): Promise<Outcome> {
    const { status, body, whole } = await this.read(path);
    await this.settled();
    return { status, whole, wrong: Buffer.compare(body, bytes) };
  }

  /** Resolves when nothing is held or awaited by anybody any more. */
  async settled(): Promise<void> {
    await vi.waitFor(async () => expectNothingHeld(this.sluice.engine, await this.sluice.metrics()), 30_000);
    if (this.#excesses.length > 0) throw new AggregateError(this.#excesses, 'above the budget');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#sampler);
    await this.sluice[Symbol.asyncDispose]();
    await this.proxy[Symbol.asyncDispose]();
  }

  #sample(): void {
    try {
      expectWithinBudget(this.sluice.engine.budget);
    } catch (error) {
      this.#excesses.push(error);
    }
  }
}

interface Reading {
  readonly status: number;
  readonly body: Buffer;
  readonly whole: boolean;
}

interface Outcome {
  readonly status: number;
  readonly whole: boolean;
  readonly wrong: number;
}

/** Identical bytes. */
export const right: Outcome = { status: 200, whole: true, wrong: 0 };

/** When nobody is served. */
const mustBeZero =
  /^sluice_(transfers|waiting\{.*|pinned_slabs\{.*|window_chunks|store_requests_active|store_queue_depth\{.*|backfill_pending)$/;

function expectNothingHeld(engine: Engine, metrics: ReadonlyMap<string, number>): void {
  expectQuiet(engine);
  expect([...metrics].filter(([name, value]) => value !== 0 && mustBeZero.test(name))).toEqual([]);
}

/** What stands behind the proxies of all tests of a file. */
export class Origins implements AsyncDisposable {
  readonly embedded: EmbeddedServer;
  readonly #behind: Readonly<Record<Origin, TestServer>>;

  private constructor(embedded: EmbeddedServer, behind: Readonly<Record<Origin, TestServer>>) {
    this.embedded = embedded;
    this.#behind = behind;
  }

  static async start(): Promise<Origins> {
    const embedded = await startEmbeddedServer();
    // Where the SDK looks for them; each embedded server has its own.
    vi.stubEnv('AWS_ACCESS_KEY_ID', embedded.accessKeyId);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'any');
    return new Origins(embedded, {
      S3: await startTestServer(s3Config(embedded, embedded.endpoint)),
      'an HTTP origin': await startTestServer(),
    });
  }

  /** A new server behind a new proxy. */
  async world({ origin = 'S3', tuning = patient, config = {}, port }: WorldOptions = {}): Promise<World> {
    const behind = this.#behind[origin];
    const proxy = await startFaultProxy(this.endpoint(origin), port);
    const sluice = await startTestServer({ ...this.store(origin, proxy.endpoint), ...config }, tuning);
    return new World(origin, sluice, proxy, behind);
  }

  /** Puts an object that all worlds over this origin have. @returns its path */
  put(origin: Origin, bytes: Uint8Array): Promise<string> {
    return this.#behind[origin].put(randomBytes(8).toString('hex'), bytes);
  }

  endpoint(origin: Origin): string {
    return origin === 'S3' ? this.embedded.endpoint : this.#behind[origin].url;
  }

  /** The settings of a server whose store is at `endpoint`. */
  store(origin: Origin, endpoint: string): Partial<Config> {
    return origin === 'S3' ? s3Config(this.embedded, endpoint) : { store: endpoint };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of Object.values(this.#behind)) await server[Symbol.asyncDispose]();
    await this.embedded[Symbol.asyncDispose]();
    vi.unstubAllEnvs();
  }
}

function s3Config({ bucket }: EmbeddedServer, s3Endpoint: string): Partial<Config> {
  return { store: `s3://${bucket}`, s3Endpoint, s3Region: 'us-east-1', s3PathStyle: true };
}

function isData(line: string): boolean {
  return /^GET .*[0-9a-f]{64}\?|^GET \/api\/v1\/object\//.test(line);
}

function rangeOf(field: string | undefined): ByteRange | undefined {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(field ?? '') ?? [];
  return first === undefined ? undefined : { start: Number(first), end: Number(last) + 1 };
}

/** Waits for something that happens on another connection. */
export function until(condition: () => boolean): Promise<void> {
  return vi.waitFor(() => expect(condition()).toBe(true), { timeout: 30_000, interval: 5 });
}
