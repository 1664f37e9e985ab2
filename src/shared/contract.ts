/**
 * The console's contract: the only place where a procedure's name is spelled, one area a file. The same contract runs
 * over Electron's MessagePort and over WebSocket; neither side knows which.
 */
import { oc } from '@orpc/contract';
import { labContract } from './contract/lab.ts';
import { liveContract } from './contract/live.ts';
import { desktopContract, repositoriesContract } from './contract/repositories.ts';
import { helloSchema } from './model.ts';

export const contract = {
  /** Who the server is, how it is configured, and what whoever asks may do. Asked once for each connection. */
  hello: oc.output(helloSchema),
  live: liveContract,
  repositories: repositoriesContract,
  desktop: desktopContract,
  lab: labContract,
};
