/** What the Repositories view says, as text: names, jobs, how far, how old, what to run. */
import type { RepositoryList, StartableKind } from '#shared/contract/repositories.ts';
import type { Job, JobKind, JobState, RepositoryRow } from '#shared/repository-model.ts';
import { formatAge, formatBytes, formatCount, formatShare } from '#shared/units.ts';

export interface NameParts {
  readonly host: string;
  readonly path: string;
  /** The last segment: what a clone's folder is called. */
  readonly short: string;
}

/** The parts of `https://HOST/PATH`. */
export function nameParts(name: string): NameParts {
  const [host = '', ...rest] = name.replace(/^https:\/\//, '').split('/');
  return { host, path: rest.join('/'), short: rest.at(-1) ?? '' };
}

/** What the name is in an address of the console, and how it comes back. */
export function subjectOf(name: string): string {
  return name.replace(/^https:\/\//, '');
}

const titles: Readonly<Record<JobKind, string>> = {
  clone: 'Clone',
  fetch: 'Fetch',
  snapshot: 'Snapshot',
  'lfs-snapshot': 'LFS snapshot',
  bundle: 'Bundle',
  restore: 'Restore',
};

export function jobTitle(kind: JobKind): string {
  return titles[kind];
}

const endings: Readonly<Record<JobState, string>> = {
  queued: 'queued',
  running: 'running',
  done: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
};

/** What a job does, or what became of it. */
export function jobStatus({ state, phase, outcome }: Job): string {
  if (state === 'running') return phase === '' ? endings.running : phase;
  return outcome ?? endings[state];
}

export function isOver({ state }: Job): boolean {
  return state !== 'queued' && state !== 'running';
}

function hasFailed({ state }: Job): boolean {
  return state === 'failed';
}

/** How far the phase is, from 0 to 1; `undefined` when nobody knows. */
export function progressShare({ done, total, unit }: Job): number | undefined {
  const whole = unit === 'percent' ? 100 : total;
  if (done === undefined || whole === undefined || whole <= 0) return undefined;
  return Math.min(1, done / whole);
}

/** `212 MiB of 412 MiB`, `1,204 of 5,000 objects`, `43 %`; empty when nothing is known. */
export function progressWords({ done, total, unit }: Job): string {
  if (done === undefined) return '';
  if (unit === 'percent') return formatShare(done, 100);
  const format = unit === 'bytes' ? formatBytes : formatCount;
  const counted = unit === 'bytes' || unit === undefined ? '' : ` ${unit}`;
  return `${format(done)}${total === undefined ? '' : ` of ${format(total)}`}${counted}`;
}

/** `current`, `3 behind`; what is not known is said. */
export function behindWords(snapshot: NonNullable<RepositoryRow['snapshot']>): string {
  if (snapshot.behind === undefined) return 'how far behind is not known';
  return snapshot.behind === 0 ? 'current' : `${formatCount(snapshot.behind)} behind`;
}

/** How the mirror is, and since when. */
export function mirrorWords({ state, fetchedAt }: RepositoryRow['mirror'], at: number): string {
  if (state === 'absent') return 'not cloned yet';
  if (state === 'cloning') return 'being cloned';
  const fetched = fetchedAt === undefined ? 'not fetched yet' : `fetched ${formatAge(at - fetchedAt)}`;
  return state === 'broken' ? 'broken: will be cloned again' : fetched;
}

/** `memory 12 % · disk 100 %`. */
export function residencyWords({ snapshot, residency }: RepositoryRow): string {
  if (!snapshot) return '';
  // What lies on disk has checksums beside it.
  const share = (bytes: number): string => formatShare(Math.min(bytes, snapshot.bytes), snapshot.bytes);
  return `memory ${share(residency.memoryBytes)} · disk ${share(residency.diskBytes)}`;
}

/** A command that restores the repository through the server at `serverUrl`. */
export function restoreCommand(name: string, serverUrl: string): string {
  const { short } = nameParts(name);
  return `sluice restore ${name} ${short} --server ${serverUrl.replace(/\/$/, '')}`;
}

/** What removing takes away, as a list of sentences' ends. */
export function removalWords({ mirror, snapshot, bundles }: RepositoryRow): readonly string[] {
  const parts: string[] = [];
  if (mirror.state !== 'absent') {
    const size = mirror.bytes === undefined ? '' : `, ${formatBytes(mirror.bytes)}`;
    parts.push(`the mirror on this server’s disk${size}`);
  }
  if (snapshot) {
    parts.push(`the snapshot in the store, ${formatBytes(snapshot.bytes)}, and its copies in the caches`);
  }
  if (bundles.length > 0) {
    const total = bundles.reduce((sum, { bytes }) => sum + bytes, 0);
    const count = bundles.length === 1 ? 'one bundle' : `${formatCount(bundles.length)} bundles`;
    parts.push(`${count}, ${formatBytes(total)}`);
  }
  return parts;
}

/** What starts the mirror's work: cloning where there is none, else fetching. */
export function refreshKind({ mirror }: RepositoryRow): StartableKind {
  return mirror.state === 'ready' ? 'fetch' : 'clone';
}

/** How long a job that has ended stays on top of the view; what failed stays until somebody can have seen it. */
const shownMs: Readonly<Record<JobState, number>> = {
  queued: 0,
  running: 0,
  done: 6000,
  cancelled: 6000,
  failed: 60_000,
};

/** Jobs under way, the oldest first, so that none moves while it runs; then those that just failed or ended. */
export function jobsOnTop({ jobs, at }: Pick<RepositoryList, 'jobs' | 'at'>): readonly Job[] {
  const under = jobs.filter((job) => !isOver(job)).toReversed();
  const ended = jobs.filter((job) => isOver(job) && at - (job.endedAt ?? 0) < shownMs[job.state]);
  const [failed, others] = [ended.filter(hasFailed), ended.filter((job) => !hasFailed(job))];
  return [...under, ...failed, ...others];
}

/** The jobs on one repository, the newest first. */
export function jobsOn(name: string, jobs: readonly Job[]): readonly Job[] {
  return jobs.filter(({ repository }) => repository === name);
}

/** The newest job of its kind failed: nothing has come after that. */
export function lastFailure(name: string, jobs: readonly Job[]): Job | undefined {
  const kinds = new Set<JobKind>();
  return jobsOn(name, jobs).find((job) => {
    if (!isOver(job) || job.state === 'cancelled' || kinds.has(job.kind)) return false;
    kinds.add(job.kind);
    return job.state === 'failed';
  });
}

/** How long a job has been running, or ran. */
export function elapsedMs({ startedAt, endedAt }: Job, at: number): number {
  return Math.max(0, (endedAt ?? at) - startedAt);
}

/** The repositories whose names have every word of `filter` in them. */
export function filtered(repositories: readonly RepositoryRow[], filter: string): readonly RepositoryRow[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return repositories;
  return repositories.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)));
}
