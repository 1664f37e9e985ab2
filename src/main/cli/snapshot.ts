/**
 * `snapshot`: of a repository that the server mirrors, made there; or of a local repository, made here and published
 * to the server. The argument decides: a URL or a folder.
 */
import type { Command } from 'commander';
import { publishSnapshot, snapshotUrl } from '#main/client/server.ts';
import { createArchive } from '#main/git/archive.ts';
import type { Repository } from '#main/http/names.ts';
import { curlFor } from '#main/snapshots/demo.ts';
import { SluiceError } from '#shared/errors.ts';
import { listenForInterrupt } from './interrupt.ts';
import { explainExitCodes, runJob } from './job.ts';
import { printable } from './job-progress.ts';
import {
  badValue,
  operatedServer,
  type ServerFlags,
  serverOption,
  tokenFileOption,
  ValueOption,
} from './options.ts';
import { counted, showProgress, summarize } from './progress.ts';
import { allowedUpstream, upstream } from './upstream.ts';

interface SnapshotFlags extends ServerFlags {
  readonly as?: Repository;
}

const help = `
With a URL the server makes it, from its mirror, unless the one that it has is of the same commit; the server has to
allow the repository (--repository). Ctrl-C ends the waiting, not the work: that goes on in the server.

With a DIRECTORY it is made here. The archive holds the commit that HEAD is on, its history and its tags: not what is
uncommitted, unreachable, or on other branches.

Examples:
  sluice snapshot https://github.com/block/cachew
  sluice snapshot ~/src/cachew --as https://github.com/block/cachew
`;

/** Adds the command to `program`. */
export function addSnapshotCommand(program: Command): void {
  const command = program
    .command('snapshot')
    .description('make a snapshot on the server, or publish one of a local git repository')
    .argument('<URL|DIRECTORY>', 'https://HOST/PATH, or the top folder of a repository here')
    .addOption(upstreamOption())
    .addOption(serverOption())
    .addOption(tokenFileOption());
  explainExitCodes(command, help).action(snapshot);
}

function upstreamOption() {
  const description = 'with a DIRECTORY: URL that the repository has for its users, the name of the snapshot';
  return new ValueOption('--as <URL>', description, allowedUpstream, upstream);
}

async function snapshot(source: string, flags: SnapshotFlags): Promise<void> {
  using interrupt = listenForInterrupt();
  const server = operatedServer(flags, process.env);
  const isUrl = /^[a-z][a-z0-9+.-]*:\/\//i.test(source);
  if (isUrl && flags.as) {
    throw new SluiceError(
      'INVALID_INPUT',
      '--as goes with a DIRECTORY: allowed is sluice snapshot URL, or sluice snapshot DIRECTORY --as URL',
    );
  }
  if (isUrl) await generate(source, server, interrupt.signal);
  else if (flags.as) await publish(source, flags.as, server, interrupt.signal);
  else throw new SluiceError('INVALID_INPUT', `--as is missing: allowed is ${allowedUpstream}`);
}

async function generate(text: string, server: URL, signal: AbortSignal): Promise<void> {
  const repository = upstream(text);
  if (!repository) throw badValue('URL', text, allowedUpstream);
  const job = await runJob(server, repository, 'snapshot', signal);
  report(printable(job.outcome ?? job.state), snapshotUrl(server, repository));
}

async function publish(directory: string, as: Repository, server: URL, signal: AbortSignal): Promise<void> {
  const startedAt = performance.now();
  using progress = showProgress(as.upstream);
  await using archive = await createArchive(directory, { upstream: as.upstream }, signal);
  const upload = { commit: archive.commit, stream: counted(archive.stream, progress) };
  const { bytes } = await publishSnapshot(server, as, upload, signal);
  progress[Symbol.dispose]();
  const summary = summarize(bytes, performance.now() - startedAt);
  report(`published commit ${archive.commit}: ${summary}`, snapshotUrl(server, as));
}

function report(what: string, { href }: URL): void {
  process.stdout.write(`${what}\n${href}\n\nTry it:\n  ${curlFor(href)}\n`);
}
