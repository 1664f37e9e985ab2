/** The repositories of a server as a table for people. */
import { hasEnded, type Job, type Repositories, type RepositoryRow } from '#shared/repository-model.ts';
import { formatBytes, formatDuration } from '#shared/units.ts';
import { describeJob, printable } from './job-progress.ts';

const titles = ['REPOSITORY', 'MIRROR', 'HEAD', 'FETCHED', 'SNAPSHOT', 'SIZE', 'BEHIND'];

/** Lines of text; `now` in milliseconds since the epoch. */
export function describeRepositories({ rules, repositories, jobs }: Repositories, now: number): string {
  const lines =
    repositories.length > 0 ? table([titles, ...repositories.map((row) => cells(row, now))]) : [none(rules)];
  return `${[...lines, ...running(jobs)].map(printable).join('\n')}\n`;
}

function none(rules: readonly string[]): string {
  if (rules.length === 0)
    return 'no repository is allowed: start the server with --repository https://HOST/PATH';
  return `no mirrors yet; allowed are ${rules.join(', ')}`;
}

function running(jobs: readonly Job[]): readonly string[] {
  const active = jobs.filter((job) => !hasEnded(job));
  return active.length > 0
    ? ['', ...active.map((job) => `job ${job.id}  ${job.kind}  ${describeJob(job)}`)]
    : [];
}

function cells({ name, mirror, snapshot }: RepositoryRow, now: number): readonly string[] {
  const head = [mirror.branch, mirror.head?.slice(0, 10)].filter((part) => part !== undefined).join(' ');
  const fetched = mirror.fetchedAt === undefined ? '-' : `${formatDuration(now - mirror.fetchedAt)} ago`;
  return [
    name,
    mirror.state,
    head || '-',
    fetched,
    snapshot ? (snapshot.commit?.slice(0, 10) ?? 'unknown') : '-',
    snapshot ? formatBytes(snapshot.bytes) : '-',
    snapshot?.behind === undefined ? '-' : String(snapshot.behind),
  ];
}

function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = titles.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
