/**
 * What is noticed about a server while it is looked at, whichever view is open: its connection, a budget that was
 * passed (which would be a bug), and jobs that have ended.
 */
import type { Job } from '#shared/repository-model.ts';
import { formatBytes } from '#shared/units.ts';
import { inTime, type Follower } from '../rpc/follow.ts';
import type { Live } from './live-context.ts';
import type { LiveStore } from './live-store.ts';
import { notify } from './notifications.ts';
import { placeHash } from './place.ts';

/** How often the jobs are read while nobody looks at them, in milliseconds. */
const jobsIntervalMs = 5000;

/** Watches until the result is called. */
export function watchServer({ store, follower }: Live, name: string): () => void {
  const stops = [watchConnection(store, name), watchBudget(store), watchJobs(follower)];
  return () => {
    for (const stop of stops) stop();
  };
}

function watchConnection(store: LiveStore, name: string): () => void {
  let isLost = false;
  return store.connectionChanged.subscribe(() => {
    const { kind } = store.connection;
    if (kind === 'connecting' || isLost === (kind === 'lost')) return;
    isLost = kind === 'lost';
    // A page that has never been connected says so all over.
    if (!store.currentHello) return;
    const matter = `connection:${name}`;
    if (isLost) notify({ kind: 'alert', title: 'Connection lost', body: `${name} does not answer.`, matter });
    else notify({ kind: 'done', title: 'Connected again', body: `${name} answers.`, matter });
  });
}

function watchBudget(store: LiveStore): () => void {
  let wasOver = false;
  return store.changed.memory.subscribe(() => {
    const memory = store.currentFrame?.memory;
    const isOver = memory !== undefined && memory.ledgerBytes > memory.budgetBytes;
    if (isOver && !wasOver) {
      notify({
        kind: 'alert',
        title: 'The memory budget was passed',
        body: `${formatBytes(memory.ledgerBytes)} of ${formatBytes(memory.budgetBytes)}. This is a bug of Sluice: please report it.`,
        href: placeHash('live'),
      });
    }
    wasOver = isOver;
  });
}

function watchJobs(follower: Follower): () => void {
  const running = new Set<number>();
  const read = async (): Promise<void> => {
    if (document.hidden) return;
    const { jobs } = await inTime(follower.call((client) => client.repositories.list()));
    for (const job of jobs) {
      if (job.endedAt === undefined) running.add(job.id);
      else if (running.delete(job.id)) tellOf(job);
    }
  };
  // Without an answer there is nothing to tell: the connection has its own notice.
  const timer = setInterval(() => void read().catch(() => undefined), jobsIntervalMs);
  return () => clearInterval(timer);
}

function tellOf({ kind, repository, state, outcome }: Job): void {
  const path = repository.replace(/^https:\/\//, '');
  const href = placeHash('repositories', path, {});
  const matter = `job:${kind}:${repository}`;
  const words = { matter, href, ...(outcome === undefined ? {} : { body: outcome }) };
  if (state === 'failed') notify({ kind: 'failed', title: `${kind} of ${path} failed`, ...words });
  else if (state === 'done') notify({ kind: 'done', title: `${kind} of ${path} is done`, ...words });
}
