/** Implements the console's contract, an area a file. It knows no transport: desktop/ and server/ host the same router. */
import type { RemoteServers } from '#main/client/remote-servers.ts';
import type { Hello } from '#shared/model.ts';
import type { CacheConsole } from './cache/cache-console.ts';
import type { ConsoleContext } from './context.ts';
import type { Engine } from '#main/transfer/engine.ts';
import type { Frames } from './frames.ts';
import { ExperimentJob } from '#main/experiment/experiment-job.ts';
import { experimentProcedures } from './procedures/experiment.ts';
import { ConsoleLab } from './lab.ts';
import { labProcedures } from './procedures/lab.ts';
import { downloadProcedures } from './procedures/downloads.ts';
import type { Demo } from './demo.ts';
import { demoProcedures } from './procedures/demo.ts';
import { cacheProcedures } from './procedures/cache.ts';
import { implementer } from './procedures/implementer.ts';
import { requestProcedures } from './procedures/requests.ts';
import { liveProcedures } from './procedures/live.ts';
import type { ReplaySources } from './replay.ts';
import { desktopProcedures } from './procedures/desktop.ts';
import { repositoryProcedures } from './procedures/repositories.ts';
import { settingsProcedures } from './procedures/settings.ts';
import { profileProcedures, type ProfileSources } from './procedures/profiles.ts';
import { serverProcedures } from './procedures/servers.ts';
import type { Alerts } from '#main/alerts/alerts.ts';
import { alertProcedures } from './procedures/alerts.ts';
import type { Incidents } from '#main/incident/incidents.ts';
import { incidentProcedures } from './procedures/incidents.ts';
import type { ShownFile } from './opened-file.ts';
import { openedProcedures } from './procedures/opened.ts';
import type { Recordings } from '#main/recording/recordings.ts';
import { recordingProcedures } from './procedures/recordings.ts';
import { ConsoleRepositories, type RepositorySources } from './repositories.ts';
import type { ConsoleSettings } from './settings.ts';

export type ConsoleRouter = ReturnType<typeof createConsoleRouter>;

export interface ConsoleSources extends RepositorySources, ReplaySources {
  readonly frames: Frames;
  readonly lab?: ConsoleLab | undefined;
  readonly experiment?: ExperimentJob | undefined;
  readonly engine: Engine;
  readonly demo: Demo;
  /** Absent where there are no caches to show. */
  readonly cache?: CacheConsole | undefined;
  /** Asked for each connection, because the server's address is known only once it listens. */
  readonly hello: (context: ConsoleContext) => Hello;
  readonly settings: ConsoleSettings;
  /** Absent where no profiles are taken. */
  readonly profiles?: ProfileSources | undefined;
  /** Without it no other server can be looked at from here. */
  readonly remotes?: RemoteServers | undefined;
  /** Absent where nothing is recorded. */
  readonly recordings?: Recordings | undefined;
  /** Absent where nothing is watched. */
  readonly alerts?: Alerts | undefined;
  /** Absent where nothing is recorded. */
  readonly incidents?: Incidents | undefined;
  /** The file that this server shows, if it does. */
  readonly opened?: ShownFile | undefined;
}

export function createConsoleRouter(sources: ConsoleSources) {
  const { frames, hello, engine, lab = new ConsoleLab(), experiment = new ExperimentJob() } = sources;
  const repositories = new ConsoleRepositories(sources);
  return implementer.router({
    hello: implementer.hello.handler(({ context }) => hello(context)),
    live: liveProcedures(frames),
    downloads: downloadProcedures(engine),
    demo: demoProcedures(sources.demo),
    cache: cacheProcedures(sources.cache),
    repositories: repositoryProcedures(repositories),
    settings: settingsProcedures(sources.settings),
    lab: labProcedures(lab),
    experiment: experimentProcedures(experiment),
    desktop: desktopProcedures(repositories, sources),
    requests: requestProcedures(sources),
    servers: serverProcedures(sources.remotes),
    profiles: profileProcedures(sources.profiles),
    recordings: recordingProcedures(sources.recordings),
    alerts: alertProcedures(sources.alerts),
    incidents: incidentProcedures(sources.incidents),
    opened: openedProcedures(sources.opened),
  });
}
