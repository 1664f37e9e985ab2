/** `mirror`: the repositories that a running server has bare clones of. */
import type { Command } from 'commander';
import { listRepositories, removeRepository, type JobAction } from '#main/client/repositories.ts';
import type { Repository } from '#main/http/names.ts';
import type { Job, Repositories } from '#shared/repository-model.ts';
import { listenForInterrupt } from './interrupt.ts';
import { explainExitCodes, runJob } from './job.ts';
import { printable } from './job-progress.ts';
import { describeRepositories } from './mirror-list.ts';
import { badValue, operatedServer, type ServerFlags, serverOption, tokenFileOption } from './options.ts';
import { allowedUpstream, upstream } from './upstream.ts';

interface ListFlags extends ServerFlags {
  readonly json?: true;
}

const interrupting = '\nCtrl-C ends the waiting, not the work: that goes on in the server.\n';

/** Adds the command and its four parts to `program`. */
export function addMirrorCommand(program: Command): void {
  const mirror = program.command('mirror').description('the repositories that a server mirrors');
  explainExitCodes(
    repositoryCommand(mirror, 'add', 'clone a repository that the server allows'),
    `${interrupting}\nExample:\n  sluice mirror add https://github.com/block/cachew\n`,
  ).action(jobAction('clone'));
  explainExitCodes(
    mirror
      .command('list')
      .description('show the repositories, their mirrors and snapshots')
      .option('--json', 'as one JSON object, with the jobs')
      .addOption(serverOption())
      .addOption(tokenFileOption()),
    '\nExample:\n  sluice mirror list --json\n',
  ).action(list);
  explainExitCodes(
    repositoryCommand(mirror, 'fetch', 'bring a mirror up to date with its upstream'),
    `${interrupting}\nExample:\n  sluice mirror fetch https://github.com/block/cachew\n`,
  ).action(jobAction('fetch'));
  explainExitCodes(
    repositoryCommand(mirror, 'remove', 'remove a mirror, its snapshot and its bundles'),
    '\nExample:\n  sluice mirror remove https://github.com/block/cachew\n',
  ).action(remove);
}

function repositoryCommand(mirror: Command, name: string, description: string): Command {
  return mirror
    .command(name)
    .description(description)
    .argument('<URL>', 'https://HOST/PATH of the repository')
    .addOption(serverOption())
    .addOption(tokenFileOption());
}

function repositoryOf(text: string): Repository {
  const repository = upstream(text);
  if (!repository) throw badValue('URL', text, allowedUpstream);
  return repository;
}

function jobAction(action: JobAction) {
  return async (text: string, flags: ServerFlags): Promise<void> => {
    using interrupt = listenForInterrupt();
    const repository = repositoryOf(text);
    const job = await runJob(operatedServer(flags, process.env), repository, action, interrupt.signal);
    process.stdout.write(`${repository.upstream}: ${outcomeOf(job)}\n`);
  };
}

function outcomeOf({ outcome, state }: Job): string {
  return printable(outcome ?? state);
}

async function list({ json, ...flags }: ListFlags): Promise<void> {
  using interrupt = listenForInterrupt();
  const known: Repositories = await listRepositories(operatedServer(flags, process.env), interrupt.signal);
  process.stdout.write(json ? `${JSON.stringify(known)}\n` : describeRepositories(known, Date.now()));
}

async function remove(text: string, flags: ServerFlags): Promise<void> {
  using interrupt = listenForInterrupt();
  const repository = repositoryOf(text);
  await removeRepository(operatedServer(flags, process.env), repository, interrupt.signal);
  process.stdout.write(`removed ${repository.upstream}\n`);
}
