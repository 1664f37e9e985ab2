/** `snapshot`: publishes the archive of a local repository to a running server. */
import type { Command } from 'commander';
import { parseUpstream, publishSnapshot, snapshotUrl } from '#main/client/server.ts';
import { createArchive } from '#main/git/archive.ts';
import type { Repository } from '#main/http/names.ts';
import { curlFor } from '#main/snapshots/demo.ts';
import { isSluiceError } from '#shared/errors.ts';
import { listenForInterrupt } from './interrupt.ts';
import { ValueOption, serverOf, serverOption } from './options.ts';
import { counted, showProgress, summarize } from './progress.ts';

interface SnapshotFlags {
  readonly as: Repository;
  readonly server?: URL;
}

const help = `
The archive holds the commit that HEAD is on, its history and its tags: not what is uncommitted, unreachable, or on
other branches.

Example:
  sluice snapshot ~/src/cachew --as https://github.com/block/cachew`;

/** Adds the command to `program`. */
export function addSnapshotCommand(program: Command): void {
  program
    .command('snapshot')
    .description('publish the archive of a local git repository')
    .argument('<DIRECTORY>', 'top folder of the repository')
    .addOption(upstreamOption())
    .addOption(serverOption())
    .addHelpText('after', help)
    .action(snapshot);
}

function upstreamOption() {
  const description = 'URL that the repository has for its users: the name of the snapshot';
  const allowed = 'https://HOST/PATH, like https://github.com/block/cachew';
  return new ValueOption('--as <URL>', description, allowed, upstream).makeOptionMandatory();
}

function upstream(text: string): Repository | undefined {
  try {
    return parseUpstream(text, '--as');
  } catch (error) {
    if (isSluiceError(error, 'INVALID_INPUT')) return undefined;
    throw error;
  }
}

async function snapshot(directory: string, flags: SnapshotFlags): Promise<void> {
  using interrupt = listenForInterrupt();
  const server = serverOf(flags.server, process.env);
  const startedAt = performance.now();
  using progress = showProgress(flags.as.upstream);
  await using archive = await createArchive(directory, { upstream: flags.as.upstream }, interrupt.signal);
  const upload = { commit: archive.commit, stream: counted(archive.stream, progress) };
  const { bytes } = await publishSnapshot(server, flags.as, upload, interrupt.signal);
  progress[Symbol.dispose]();
  const url = snapshotUrl(server, flags.as).href;
  process.stdout.write(
    `published commit ${archive.commit}: ${summarize(bytes, performance.now() - startedAt)}\n` +
      `${url}\n\nTry it:\n  ${curlFor(url)}\n`,
  );
}
