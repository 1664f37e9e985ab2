/** A job of a running server, started here and followed to its end. */
import type { Command } from 'commander';
import { followJob, jobLogUrl, startJob, type JobAction } from '#main/client/repositories.ts';
import type { Repository } from '#main/http/names.ts';
import { isSluiceError, SluiceError } from '#shared/errors.ts';
import type { Job } from '#shared/repository-model.ts';
import { Interrupted } from './interrupt.ts';
import { printable, showJob } from './job-progress.ts';

/** Says in the help of a command what its exit codes are. */
export function explainExitCodes(command: Command, help: string): Command {
  const codes = `
Exit codes: 0 done; 1 failed, refused by the server, or interrupted; 2 bad input, and nothing was started.`;
  return command.addHelpText('after', help + codes);
}

/**
 * Starts a job, or joins the one that is under way, shows how far it is, and resolves when it is done.
 * @throws SluiceError why it could not be started or has failed; Interrupted when `signal` ends the waiting, which
 * does not end the job
 */
export async function runJob(
  server: URL,
  repository: Repository,
  action: JobAction,
  signal: AbortSignal,
): Promise<Job> {
  let job = await startJob(server, repository, action, signal);
  try {
    using progress = showJob();
    progress.update(job);
    for await (job of followJob(server, job.id, signal)) progress.update(job);
  } catch (error) {
    if (!isSluiceError(error, 'ABORTED')) throw error;
    throw new Interrupted(`job ${job.id} goes on: see "sluice mirror list"`, { cause: error });
  }
  if (job.state === 'done') return job;
  const why = job.outcome === undefined ? `the job was ${job.state}` : printable(job.outcome);
  const log = jobLogUrl(server, job.id).href;
  throw new SluiceError('PROCESS_FAILED', `${repository.upstream}: ${why} (its log: ${log})`);
}
