/** What a job's programs have written: the newest at the bottom, which stays in view until somebody scrolls up. */
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { messageOf } from '#shared/errors.ts';
import type { Job } from '#shared/repository-model.ts';
import { formatCount, formatDuration } from '#shared/units.ts';
import { useLive } from '../../state/live-context.ts';
import { listIntervalMs } from '../../state/repository-store.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Modal } from '../../ui/modal.tsx';
import { useRepositories } from './context.ts';
import { isOver, jobStatus, jobTitle, nameParts } from './words.ts';
import styles from './log-dialog.module.css';

export function LogDialog({ job }: { readonly job: Job }) {
  const { actions } = useRepositories();
  const { lines, failure } = useLog(job);
  const scroller = useEnd(lines);
  const hasFailed = job.state === 'failed';
  const { path } = nameParts(job.repository);
  return (
    <Modal
      title={`${jobTitle(job.kind)} of ${path}`}
      size="wide"
      testId="log"
      onClose={() => actions.ask(undefined)}
      actions={
        <>
          <span className={styles['count']}>
            {lines && `${formatCount(lines.length)} ${lines.length === 1 ? 'line' : 'lines'}`}
            {job.endedAt !== undefined && ` · took ${formatDuration(job.endedAt - job.startedAt)}`}
          </span>
          <CopyButton text={[jobStatus(job), ...(lines ?? [])].join('\n')} label="Copy all" />
          <Button onPress={() => actions.ask(undefined)}>Close</Button>
        </>
      }
    >
      <div className={styles['content']}>
        <p className={styles['status']} data-failed={hasFailed} data-over={isOver(job)}>
          {hasFailed && <b>▲ failed: </b>}
          {jobStatus(job)}
        </p>
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrolled with the keyboard */}
        <div ref={scroller} className={styles['lines']} role="log" aria-label="Output" tabIndex={0}>
          {failure !== undefined && <p className={styles['none']}>{failure}</p>}
          {failure === undefined && lines?.length === 0 && (
            <p className={styles['none']}>{isOver(job) ? 'It wrote nothing.' : 'Nothing written yet.'}</p>
          )}
          <pre>{lines?.join('\n')}</pre>
        </div>
      </div>
    </Modal>
  );
}

interface Log {
  /** `undefined` until it has been read. */
  readonly lines?: readonly string[];
  readonly failure?: string;
}

/** Read once a second while the job runs, and once more when it has ended. */
function useLog({ id, state }: Job): Log {
  const { follower } = useLive();
  const [log, setLog] = useState<Log>({});
  useEffect(() => {
    let isWanted = true;
    const read = (): void => {
      follower
        .call((client) => client.repositories.log({ job: id }))
        .then(
          ({ lines }) => isWanted && setLog({ lines }),
          (error: unknown) => isWanted && setLog((before) => ({ ...before, failure: messageOf(error) })),
        );
    };
    read();
    const timer = state === 'queued' || state === 'running' ? setInterval(read, listIntervalMs) : undefined;
    return () => {
      isWanted = false;
      clearInterval(timer);
    };
  }, [follower, id, state]);
  return log;
}

/** Closer to the end than this counts as being there, in pixels. */
const endThreshold = 24;

/** Keeps the end in view when it was. */
function useEnd(lines: readonly string[] | undefined) {
  const scroller = useRef<HTMLDivElement>(null);
  const heightBefore = useRef(0);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || !lines) return;
    const wasAtEnd = heightBefore.current - element.scrollTop - element.clientHeight < endThreshold;
    if (wasAtEnd) element.scrollTo({ top: element.scrollHeight });
    heightBefore.current = element.scrollHeight;
  }, [lines]);
  return scroller;
}
