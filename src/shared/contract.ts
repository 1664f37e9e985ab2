/**
 * The console's contract: the only place where a procedure's name is spelled, one area a file. The same contract runs
 * over Electron's MessagePort and over WebSocket; neither side knows which.
 */
import { oc } from '@orpc/contract';
import { labContract } from './contract/lab.ts';
import { downloadsContract } from './contract/downloads.ts';
import { demoContract } from './contract/demo.ts';
import { cacheContract } from './contract/cache.ts';
import { desktopContract } from './contract/desktop.ts';
import { experimentContract } from './contract/experiment.ts';
import { liveContract } from './contract/live.ts';
import { profilesContract } from './contract/profiles.ts';
import { requestsContract } from './contract/requests.ts';
import { repositoriesContract } from './contract/repositories.ts';
import { settingsContract } from './contract/settings.ts';
import { serversContract } from './contract/servers.ts';
import { recordingsContract } from './contract/recordings.ts';
import { alertsContract } from './contract/alerts.ts';
import { incidentsContract } from './contract/incidents.ts';
import { openedContract } from './contract/opened.ts';
import { helloSchema } from './model.ts';

export const contract = {
  /** Who the server is, how it is configured, and what whoever asks may do. Asked once for each connection. */
  hello: oc.output(helloSchema),
  live: liveContract,
  downloads: downloadsContract,
  demo: demoContract,
  cache: cacheContract,
  repositories: repositoriesContract,
  settings: settingsContract,
  desktop: desktopContract,
  lab: labContract,
  experiment: experimentContract,
  requests: requestsContract,
  servers: serversContract,
  profiles: profilesContract,
  recordings: recordingsContract,
  alerts: alertsContract,
  incidents: incidentsContract,
  opened: openedContract,
};
