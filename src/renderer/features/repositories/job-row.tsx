import type { Job } from '#shared/repository-model.ts';
import { formatAge, formatDuration, formatRate, formatShare } from '#shared/units.ts';
import { Button } from '../../ui/button.tsx';
import { checkPath, Icon, linesPath, stopPath } from '../../ui/icons.tsx';
import { useRepositories } from './context.ts';
import { elapsedMs, isOver, jobStatus, jobTitle, nameParts, progressShare, progressWords } from './words.ts';
import styles from './jobs.module.css';

interface JobRowProps {
  readonly job: Job;
  readonly at: number;
  /** Beside others' jobs a row names its repository; among one repository's, only what it does. */
  readonly shows: 'repository' | 'kind';
}

/** One job: whose and what, how far, how fast, how long; its log and its end are one click away. */
export function JobRow({ job, at, shows }: JobRowProps) {
  const { actions, mayChange } = useRepositories();
  const title = jobTitle(job.kind);
  const { path } = nameParts(job.repository);
  return (
    <li
      className={styles['job']}
      data-shows={shows}
      data-testid="job"
      data-kind={job.kind}
      data-state={job.state}
      aria-label={`${title} of ${path}`}
    >
      <div className={styles['label']}>
        <strong title={job.repository}>{shows === 'repository' ? path : title}</strong>
        <Times job={job} at={at} before={shows === 'repository' ? title : undefined} />
      </div>
      {isOver(job) ? <Outcome job={job} /> : <Progress job={job} />}
      <div className={styles['buttons']}>
        <Button weight="quiet" icon={linesPath} onPress={() => actions.ask({ kind: 'log', job })}>
          Log
        </Button>
        {!isOver(job) && mayChange && (
          <Button weight="quiet" icon={stopPath} onPress={() => actions.cancel(job)}>
            Cancel
          </Button>
        )}
      </div>
    </li>
  );
}

function Times({
  job,
  at,
  before,
}: {
  readonly job: Job;
  readonly at: number;
  readonly before: string | undefined;
}) {
  const took = formatDuration(elapsedMs(job, at));
  const parts = isOver(job)
    ? [before, formatAge(at - (job.endedAt ?? at)), `took ${took}`]
    : [before, job.state === 'queued' ? 'queued' : took];
  return <span>{parts.filter((part) => part !== undefined).join(' · ')}</span>;
}

function Progress({ job }: { readonly job: Job }) {
  const share = progressShare(job);
  const words = progressWords(job);
  const { bytesPerSecond } = job;
  return (
    <div className={styles['progress']}>
      <progress
        aria-label={`${jobTitle(job.kind)}: ${jobStatus(job)}`}
        max={1}
        {...(share === undefined ? {} : { value: share })}
      />
      <p>
        <span className={styles['phase']}>{jobStatus(job)}</span>
        {words !== '' && <span>{words}</span>}
        {share !== undefined && job.unit !== 'percent' && <span>{formatShare(share, 1)}</span>}
        {bytesPerSecond !== undefined && bytesPerSecond > 0 && <span>{formatRate(bytesPerSecond)}</span>}
      </p>
    </div>
  );
}

function Outcome({ job }: { readonly job: Job }) {
  const hasFailed = job.state === 'failed';
  return (
    <p className={styles['outcome']} data-failed={hasFailed} title={jobStatus(job)}>
      {hasFailed ? <span aria-hidden="true">▲</span> : job.state === 'done' && <Icon path={checkPath} />}
      <span className={styles['sentence']}>
        {hasFailed && <b>failed: </b>}
        {jobStatus(job)}
      </span>
    </p>
  );
}
