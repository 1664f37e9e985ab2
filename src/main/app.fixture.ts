/** A real server on a free port, with a file store and caches in a folder of its own. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { pino } from 'pino';
import type { Config } from '#shared/config.ts';
import { KiB, MiB } from '#shared/units.ts';
import { startSluice, type StartOptions } from './app.ts';
import type { ConsoleRouter } from './console/router.ts';
import { fixedSettings } from './config/settings.fixture.ts';
import type { FetchTuning } from './fetch/tuning.ts';
import { RawClient, type RawResponse } from './server/raw-client.fixture.ts';
import type { RepositoryService } from './snapshots/service.ts';
import type { RequestLog } from './telemetry/request-log.ts';
import type { Engine } from './transfer/engine.ts';

export interface TestServer extends AsyncDisposable {
  readonly url: string;
  readonly engine: Engine;
  readonly requests: RequestLog;
  /** The console's, without a transport. */
  readonly router: ConsoleRouter;
  /** The folder of its disk cache. */
  readonly cacheFolder: string;
  connect(): Promise<RawClient>;
  /** Sends one request on a connection of its own; the path goes out as it stands. */
  raw(line: string, fields?: readonly string[], body?: string): Promise<RawResponse>;
  /** Uploads an object. @returns its path */
  put(key: string, body: Uint8Array | string, headers?: Readonly<Record<string, string>>): Promise<string>;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  /** Values of /metrics, by name with labels. */
  metrics(): Promise<ReadonlyMap<string, number>>;
  /** Every file of the store. */
  storedFiles(): Promise<readonly string[]>;
}

export async function startTestServer(
  overrides: Partial<Config> = {},
  tuning?: FetchTuning,
  repositories?: RepositoryService,
  times?: StartOptions['times'],
): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-server-'));
  const storeFolder = join(folder, 'store');
  const config: Config = {
    host: '127.0.0.1',
    port: 0,
    requireToken: false,
    basePath: '',
    allowHosts: [],
    trustedProxies: ['127.0.0.0/8', '::1'],
    dataDir: join(folder, 'data'),
    store: pathToFileURL(storeFolder).href,
    s3PathStyle: false,
    memoryBudgetBytes: 64 * MiB,
    chunkBytes: 256 * KiB,
    window: 4,
    maxConnections: 64,
    memoryCacheBytes: 8 * MiB,
    diskCacheBytes: 64 * MiB,
    repositories: [],
    fetchIntervalMs: 0,
    snapshotIntervalMs: 0,
    recordMinutes: 0,
    recordBytes: 8 * MiB,
    savedRecordingsBytes: 64 * MiB,
    demo: false,
    tray: false,
    ...overrides,
  };
  const log = pino({ level: 'silent' });
  const app = await startSluice({
    settings: fixedSettings(config),
    host: 'headless',
    consoleDir: join(folder, 'none'),
    log,
    tuning,
    repositories,
    times,
  });
  const connect = () => RawClient.connect(app.url);
  return {
    url: app.url,
    engine: app.engine,
    requests: app.requests,
    router: app.router,
    cacheFolder: join(config.dataDir, 'cache'),
    connect,
    raw: async (line, fields, body) => {
      using client = await connect();
      return await client.request(line, fields, body).response();
    },
    put: async (key, body, headers = {}) => {
      const path = `/api/v1/object/test/${key}`;
      const response = await fetch(app.url + path, { method: 'POST', body, headers });
      if (response.status !== 200)
        throw new Error(`upload of ${key}: ${response.status} ${await response.text()}`);
      await response.arrayBuffer();
      return path;
    },
    get: (path, headers = {}) => fetch(app.url + path, { headers }),
    metrics: async () => parseMetrics(await (await fetch(`${app.url}/metrics`)).text()),
    storedFiles: async () => {
      const entries = await readdir(storeFolder, { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .toSorted();
    },
    [Symbol.asyncDispose]: async () => {
      await app[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function parseMetrics(text: string): ReadonlyMap<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [
      line.slice(0, line.lastIndexOf(' ')),
      Number(line.slice(line.lastIndexOf(' ') + 1)),
    ]),
  );
}
