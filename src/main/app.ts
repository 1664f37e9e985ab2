/**
 * The composition root: from a configuration to a running server. It imports no Electron; the desktop entry and the
 * command line both start here.
 */
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { isHttpOrigin } from '#shared/config.ts';
import { planMemory } from '#shared/memory-plan.ts';
import type { Hello } from '#shared/model.ts';
import { type FirstTokens, Gate } from './access/gate.ts';
import { openAlerts } from './alerts/open-alerts.ts';
import { Catalog } from './cache/catalog.ts';
import { DiskTier } from './cache/disk-tier.ts';
import { WatchedCaches } from './cache/watched.ts';
import { CacheConsole } from './console/cache/cache-console.ts';
import { judgedTiers } from './console/cache/tiers.ts';
import { RemoteServers, type SecretBox } from './client/remote-servers.ts';
import { effectiveMemory } from './config/effective-memory.ts';
import type { ConsoleContext } from './console/context.ts';
import { Demo, demoNamespace } from './console/demo.ts';
import { downloadsOf } from './console/downloads.ts';
import { Frames } from './console/frames.ts';
import { describeServer } from './console/describe-server.ts';
import type { ShownFile } from './console/opened-file.ts';
import { ExperimentJob } from './experiment/experiment-job.ts';
import { ConsoleLab } from './console/lab.ts';
import { restoreInto } from './console/restore-into.ts';
import { Restores } from './console/restores.ts';
import { ConsoleSettings } from './console/settings.ts';
import type { SettingsSource } from './config/settings-source.ts';
import { createConsoleRouter, type ConsoleRouter } from './console/router.ts';
import { Admission } from './flow/admission.ts';
import type { FetchTuning } from './fetch/tuning.ts';
import { Budget } from './flow/budget.ts';
import { hashedNames, pathNames } from './http/names.ts';
import { headersToStore } from './http/stored-headers.ts';
import { makeFolder } from './object-store/file-durable.ts';
import { openStore } from './object-store/open-store.ts';
import { SyntheticObjects, withSynthetic } from './object-store/synthetic.ts';
import type { ObjectStore } from './object-store/object-store.ts';
import { Captures } from './profiling/captures.ts';
import { Incidents } from './incident/incidents.ts';
import { maxRecordedOwners } from './recording/owner-records.ts';
import { Recordings } from './recording/recordings.ts';
import { createHttpServer } from './server/http-server.ts';
import { Outside } from './server/outside.ts';
import { readings } from './server/readings.ts';
import { dataFolderFailure, listenFailure } from './server/start-failure.ts';
import { openRepositories, type OpenOptions } from './snapshots/open.ts';
import type { RepositoryService } from './snapshots/service.ts';
import { GarbageCollection } from './telemetry/garbage-collection.ts';
import { LoopDelay } from './telemetry/loop-delay.ts';
import { Metrics } from './telemetry/metrics.ts';
import { RequestLog } from './telemetry/request-log.ts';
import { TransferBoard } from './transfer/board.ts';
import { Engine } from './transfer/engine.ts';
import { ledgerOwners } from './transfer/ledger-owners.ts';
import { version } from './version.ts';

export interface StartOptions {
  /** In force from the start, and changed from the console. */
  readonly settings: SettingsSource;
  readonly host: 'desktop' | 'headless';
  /** The folder with the built console. */
  readonly consoleDir: string;
  readonly log: Logger;
  /** Encrypts the tokens of other servers, where the host can. */
  readonly secrets?: SecretBox | undefined;
  /** A file that the console shows when it is opened. */
  readonly opened?: ShownFile | undefined;
  /** For benchmarks and tests; the defaults are for everybody else. */
  readonly tuning?: FetchTuning | undefined;
  /** For tests that want to say what becomes of a repository. */
  readonly repositories?: RepositoryService | undefined;
  /** For tests; no flag has them. */
  readonly times?: OpenOptions['times'];
}

export interface SluiceApp extends AsyncDisposable {
  /** Where the server listens: `http://127.0.0.1:7420`. */
  readonly url: string;
  /** As a browser has it: behind a proxy, the proxy's. */
  readonly consoleUrl: string;
  /** Made at this start, because tokens are required and there were none. They are to be told once. */
  readonly firstTokens: FirstTokens | undefined;
  /** Lets whatever runs in this process use its own API. */
  readonly ownToken: string;
  readonly router: ConsoleRouter;
  /** For whoever wants to see what it holds. */
  readonly engine: Engine;
  readonly requests: RequestLog;
  readonly repositories: RepositoryService;
  readonly remotes: RemoteServers;
  /** Shown in the console while there is nothing to see: a command to try. */
  tryIt: string | undefined;
  /** Takes no new connection, waits for transfers to end, breaks off what is left, and releases everything. */
  drain(milliseconds: number): Promise<void>;
}

/** A store that does not answer in this time cannot be used. */
const storeCheckMilliseconds = 15_000;

/**
 * Starts a server. @throws SluiceError INVALID_INPUT for a configuration that cannot work, STORE_UNAVAILABLE and
 * STORE_REFUSED when the store cannot be used, and the system's error when the port cannot be had. Nothing is left
 * running then.
 */
export async function startSluice(options: StartOptions): Promise<SluiceApp> {
  const { settings, log } = options;
  const { config } = settings.loaded;
  const budget = new Budget(planMemory(config));
  await makeFolder(config.dataDir).catch((error: unknown) => {
    throw dataFolderFailure(error, config);
  });
  const connectionMemory = { take: () => budget.connections.tryTake('connection', 'store') };
  const synthetic = new SyntheticObjects();
  const store = withSynthetic(
    await openStore(config, { log, describing: headersToStore, connectionMemory }),
    synthetic,
  );
  try {
    await store.check(AbortSignal.timeout(storeCheckMilliseconds));
    return await serve(options, budget, store, synthetic);
  } catch (error) {
    await store[Symbol.asyncDispose]();
    throw error;
  }
}

async function serve(
  {
    settings,
    host,
    consoleDir,
    log,
    secrets,
    opened: shown,
    tuning,
    repositories: scripted,
    times,
  }: StartOptions,
  budget: Budget,
  store: ObjectStore,
  synthetic: SyntheticObjects,
): Promise<SluiceApp> {
  const { config } = settings.loaded;
  const outside = new Outside(config);
  const gate = new Gate({
    dataDir: config.dataDir,
    requireToken: config.requireToken,
    onFault: (error) => log.error({ err: error }, 'the tokens cannot be read: nobody gets in'),
  });
  const watch = await WatchedCaches.open({
    file: join(config.dataDir, 'cached-objects.json'),
    pinLimitBytes: Math.floor((config.diskCacheBytes || budget.plan.cachedBytes) / 2),
    onTrouble: (message, details) => log.warn(details, message),
  });
  const disk =
    config.diskCacheBytes === 0
      ? undefined
      : await DiskTier.open({
          directory: join(config.dataDir, 'cache'),
          limitBytes: config.diskCacheBytes,
          onFault: (message, details) => log.warn(details, message),
          isKept: (place) => watch.known.isKeptAt(place),
          onEvicted: (eviction) => watch.evictedFromDisk(eviction),
        }).catch((error: unknown) => {
          throw dataFolderFailure(error, config);
        });
  const engine = new Engine({
    budget,
    store,
    disk,
    window: config.window,
    tuning: {
      ...tuning,
      connections: tuning?.connections ?? {
        start: Math.min(4, config.maxConnections),
        min: 2,
        max: config.maxConnections,
      },
    },
    watch,
    onWrong: (key, error) => log.error({ err: error, key }, 'an object is not what its store says'),
  });
  watch.known.onPins = () => engine.pool.pinsChanged();
  const sources = {
    engine,
    admission: new Admission(budget.plan.bounce.slabs),
    board: new TransferBoard(engine.transfers),
    requests: new RequestLog(),
    loopDelay: new LoopDelay(),
    garbage: new GarbageCollection(),
  };
  const startedAt = Date.now();
  const app: { url: string; tryIt: string | undefined; recordings?: Recordings } = {
    url: '',
    tryIt: undefined,
  };
  const hello = ({ role }: ConsoleContext): Hello =>
    describeServer({
      config,
      host,
      url: outside.address(app.url),
      tryIt: app.tryIt,
      startedAt,
      store,
      budget,
      role,
      file: shown?.for(role),
      window: engine.transfers.windowLimit,
    });
  const names = isHttpOrigin(config.store) ? pathNames : hashedNames;
  const catalog = new Catalog({
    store,
    discover: (key, wanted, signal) => engine.discover(key, wanted, signal),
    holds: (object, position) => engine.holds(object, position),
    forget: async (key, reason) => {
      if (reason === 'deleted') watch.known.deleted(key);
      await engine.forget(key, reason);
    },
  });
  const opened = await openRepositories({
    config,
    store,
    catalog,
    names,
    uploads: budget.uploads,
    residency: ({ key }) => ({
      memoryBytes: engine.pool.bytesOf(key),
      diskBytes: disk?.bytesOf(key) ?? 0,
    }),
    times,
    log,
  });
  const repositories = scripted ?? opened;
  const metrics = new Metrics(readings(sources));
  const captures = new Captures(join(config.dataDir, 'profiles'));
  const ledger = (limit?: number) => ({
    totalBytes: budget.ledger.totalBytes,
    owners: ledgerOwners(engine, (key) => watch.known.nameOf(key), limit),
  });
  const profiles = { captures, ledger };
  const frames = new Frames({ ...sources, memoryLimit: effectiveMemory() });
  const onTrouble = (message: string, details: object) => log.warn(details, message);
  const alerts = openAlerts({
    config,
    recorder: () => app.recordings?.recorder,
    server: () => ({ url: outside.address(app.url), version }),
    onTrouble,
  });
  const recordings = await Recordings.open({
    config,
    frames,
    downloads: downloadsOf(engine),
    owners: () => ledger(maxRecordedOwners),
    server: () => ({ version, url: app.url, store: store.description, host: hostname(), startedAt }),
    watch: (frame) => alerts.see(frame),
    onTrouble,
  }).catch((error: unknown) => {
    throw dataFolderFailure(error, config);
  });
  app.recordings = recordings;
  const inForce = new ConsoleSettings(settings, ({ window }) => engine.transfers.limitWindows(window));
  const incidents = new Incidents({
    dataDir: config.dataDir,
    recordings,
    settings: () => inForce.inForce,
    captures,
    ledger,
  });
  const services = {
    ...profiles,
    ...sources,
    config,
    gate,
    outside,
    log,
    store,
    names,
    catalog,
    metrics,
    repositories,
    recordings,
    incidents,
  };
  const restores = new Restores((repository, directory, watch) =>
    restoreInto(new URL(app.url), repository, directory, watch),
  );
  const lab = new ConsoleLab(() => app.url);
  const experiment = new ExperimentJob();
  const demo = new Demo({
    objects: synthetic,
    key: (name) => names.object(demoNamespace, name),
    serverUrl: () => app.url,
    chunks: budget.plan.chunks.slabs,
    forget: (key) => catalog.invalidate(key),
  });
  const cache = new CacheConsole({
    engine,
    disk,
    store,
    catalog,
    known: watch.known,
    evictions: watch.evictions,
    history: watch.measure(() => judgedTiers(engine)),
  });
  const remotes = new RemoteServers(config.dataDir, secrets);
  const router = createConsoleRouter({
    engine,
    demo,
    cache,
    lab,
    experiment,
    frames,
    recordings,
    alerts,
    hello,
    settings: inForce,
    incidents,
    opened: shown,
    remotes,
    service: repositories,
    restores,
    requests: sources.requests,
    profiles,
    url: () => new URL(app.url),
    ownToken: gate.requiresToken ? gate.ownToken : undefined,
  });
  const server = await createHttpServer(services, {
    directory: consoleDir,
    router,
    remotes,
  });
  app.url = await server.listen({ host: config.host, port: config.port }).catch(async (error: unknown) => {
    await recordings[Symbol.asyncDispose]();
    await opened[Symbol.asyncDispose]();
    throw listenFailure(error, config);
  });
  const firstTokens = await gate.makeFirstTokens();

  let closed: Promise<void> | undefined;
  const close = async (milliseconds: number): Promise<void> => {
    await demo[Symbol.asyncDispose]();
    await experiment[Symbol.asyncDispose]();
    alerts[Symbol.dispose]();
    await recordings[Symbol.asyncDispose]();
    const breakOff = setTimeout(() => server.server.closeAllConnections(), milliseconds);
    await server.close();
    clearTimeout(breakOff);
    await cache[Symbol.asyncDispose]();
    await captures[Symbol.asyncDispose]();
    lab[Symbol.dispose]();
    remotes[Symbol.dispose]();
    gate[Symbol.dispose]();
    await restores[Symbol.asyncDispose]();
    await opened[Symbol.asyncDispose]();
    sources.board[Symbol.dispose]();
    sources.loopDelay[Symbol.dispose]();
    sources.garbage[Symbol.dispose]();
    await engine[Symbol.asyncDispose]();
    await disk?.[Symbol.asyncDispose]();
    await watch[Symbol.asyncDispose]();
    await store[Symbol.asyncDispose]();
  };
  const drain = (milliseconds: number): Promise<void> => (closed ??= close(milliseconds));
  return Object.assign(app, {
    consoleUrl: `${outside.address(app.url)}/console/`,
    firstTokens,
    ownToken: gate.ownToken,
    router,
    engine,
    requests: sources.requests,
    repositories,
    remotes,
    drain,
    [Symbol.asyncDispose]: () => drain(0),
  });
}
