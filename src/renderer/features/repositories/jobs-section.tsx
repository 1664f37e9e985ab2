import type { Job } from '#shared/repository-model.ts';
import { formatCount } from '#shared/units.ts';
import { JobRow } from './job-row.tsx';
import { isOver } from './words.ts';
import styles from './jobs.module.css';
import section from '../../ui/section.module.css';

interface JobsSectionProps {
  readonly jobs: readonly Job[];
  readonly at: number;
}

/** What is under way on all repositories. Its place is kept when there is nothing: the table does not jump. */
export function JobsSection({ jobs, at }: JobsSectionProps) {
  const running = jobs.filter((job) => job.state === 'running').length;
  const queued = jobs.filter((job) => job.state === 'queued').length;
  const failed = jobs.filter((job) => isOver(job) && job.state === 'failed').length;
  const counts = [
    running > 0 && `${formatCount(running)} running`,
    queued > 0 && `${formatCount(queued)} queued`,
    failed > 0 && `${formatCount(failed)} failed just now`,
  ].filter((text) => text !== false);
  return (
    <section className={styles['jobs']} aria-labelledby="jobs-title">
      <header className={section['head']}>
        <h2 id="jobs-title">Jobs</h2>
        <output className={section['summary']} data-testid="jobs-summary">
          {counts.join(' · ')}
        </output>
      </header>
      {jobs.length === 0 ? (
        <p className={styles['none']}>No job is running. Fetches and snapshots appear here while they run.</p>
      ) : (
        <ul className={styles['list']} data-testid="jobs">
          {jobs.map((job) => (
            <JobRow key={job.id} job={job} at={at} shows="repository" />
          ))}
        </ul>
      )}
    </section>
  );
}
