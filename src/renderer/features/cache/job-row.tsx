import type { CacheJob } from '#shared/cache-model.ts';
import { formatAge, formatBytes, formatDuration, formatRate, formatShare } from '#shared/units.ts';
import { Button } from '../../ui/button.tsx';
import { checkPath, Icon, stopPath } from '../../ui/icons.tsx';
import { splitObject } from '#shared/object-name.ts';
import jobs from '../repositories/jobs.module.css';
import { useCache } from './actions.ts';
import { isOver, jobShare, jobStatus, jobTitle, remainingMs } from './words.ts';

interface JobRowProps {
  readonly job: CacheJob;
  readonly at: number;
  /** Beside others' jobs a row names its object; among one object's, only what it does. */
  readonly shows: 'object' | 'kind';
}

/** One job: on what, how far, how fast, until when; its end is one click away for whoever may. */
export function JobRow({ job, at, shows }: JobRowProps) {
  const { actions, mayChange } = useCache();
  const title = jobTitle(job.kind);
  const took = formatDuration((job.endedAt ?? at) - job.startedAt);
  const times = isOver(job) ? `${formatAge(at - (job.endedAt ?? at))} · took ${took}` : took;
  return (
    <li
      className={jobs['job']}
      data-shows={shows === 'object' ? 'repository' : 'kind'}
      data-testid="cache-job"
      data-kind={job.kind}
      data-state={job.state}
      aria-label={`${title} of ${job.object}`}
    >
      <div className={jobs['label']}>
        <strong title={job.object}>{shows === 'object' ? splitObject(job.object).main : title}</strong>
        <span>{shows === 'object' ? `${title} · ${times}` : times}</span>
      </div>
      {isOver(job) ? <Outcome job={job} /> : <Progress job={job} />}
      <div className={jobs['buttons']}>
        {!isOver(job) && mayChange && (
          <Button weight="quiet" icon={stopPath} onPress={() => actions.cancel(job.id)}>
            Cancel
          </Button>
        )}
      </div>
    </li>
  );
}

function Progress({ job }: { readonly job: CacheJob }) {
  const share = jobShare(job);
  const left = remainingMs(job);
  const { doneBytes, totalBytes, bytesPerSecond } = job;
  return (
    <div className={jobs['progress']}>
      <progress
        aria-label={`${jobTitle(job.kind)}: ${jobStatus(job)}`}
        max={1}
        {...(share === undefined ? {} : { value: share })}
      />
      <p>
        <span className={jobs['phase']}>{jobStatus(job)}</span>
        {totalBytes > 0 && (
          <span>
            {formatBytes(doneBytes)} of {formatBytes(totalBytes)}
          </span>
        )}
        {share !== undefined && <span>{formatShare(share, 1)}</span>}
        {bytesPerSecond !== undefined && bytesPerSecond > 0 && <span>{formatRate(bytesPerSecond)}</span>}
        {left !== undefined && <span>{formatDuration(left)} left</span>}
      </p>
    </div>
  );
}

function Outcome({ job }: { readonly job: CacheJob }) {
  const hasFailed = job.state === 'failed';
  return (
    <p className={jobs['outcome']} data-failed={hasFailed} title={jobStatus(job)}>
      {hasFailed ? <span aria-hidden="true">▲</span> : job.state === 'done' && <Icon path={checkPath} />}
      <span className={jobs['sentence']}>
        {hasFailed && <b>failed: </b>}
        {jobStatus(job)}
      </span>
    </p>
  );
}
