/**
 * The console's contract: the only place where a procedure's name is spelled, one area a file. The same contract runs
 * over Electron's MessagePort and over WebSocket; neither side knows which.
 */
import { oc } from '@orpc/contract';
import { desktopContract } from './contract/desktop.ts';
import { liveContract } from './contract/live.ts';
import { requestsContract } from './contract/requests.ts';
import { repositoriesContract } from './contract/repositories.ts';
import { settingsContract } from './contract/settings.ts';
import { serversContract } from './contract/servers.ts';
import { helloSchema } from './model.ts';

export const contract = {
  /** Who the server is, how it is configured, and what whoever asks may do. Asked once for each connection. */
  hello: oc.output(helloSchema),
  live: liveContract,
  repositories: repositoriesContract,
  settings: settingsContract,
  desktop: desktopContract,
  requests: requestsContract,
  servers: serversContract,
};
