/** `restore`: a repository from its snapshot on a server, ready to be worked in. */
import { Option, type Command } from 'commander';
import type { RestoreOptions } from '#main/client/restore.ts';
import { fullRefName, isCommitId, MissingRefsError } from '#main/client/restore-names.ts';
import { parseUpstream } from '#main/client/server.ts';
import { isSluiceError, messageOf } from '#shared/errors.ts';
import { KiB, MiB } from '#shared/units.ts';
import { withExitCode } from './exit-code.ts';
import { listenForInterrupt } from './interrupt.ts';
import { serverOf, serverOption, sizeOption, ValueOption, wholeOption } from './options.ts';
import { JsonNarrator, TextNarrator } from './restore-progress.ts';

interface RestoreFlags {
  readonly server?: URL;
  readonly bundle: boolean;
  readonly ref?: Readonly<Record<string, string>>;
  readonly commit?: readonly string[];
  readonly concurrency: number;
  readonly chunkSize: number;
  readonly json?: true;
}

const help = `
The snapshot is fetched in parallel ranges and extracted as it arrives, into a hidden folder beside DIRECTORY, which
appears when everything is complete and checked. After a failure or Ctrl-C, everything is as it was. What a killed
restore has left behind is removed by the next one of the same DIRECTORY.

Where the server has newer commits than the snapshot, they come as a bundle; a bundle that cannot be used is a failure,
because a clone that is older than it seems would be worse. --no-bundle stays at the snapshot's commit.

--ref and --commit name what has to exist in the clone. The server is asked to fetch it; what is still missing then
comes from origin, the upstream, with your own git credentials. A ref that has moved on past SHA is good enough.

The server is not trusted: hooks, settings that run something, and paths that lead outside are refused.

Memory is set aside for twice --concurrency ranges, and for four at least: 256 MiB with the defaults.

Exit codes: 0 done, 1 failed, 2 bad input, 3 the server has no such snapshot, 4 refs or commits are missing,
130 interrupted.

Examples:
  sluice restore https://github.com/block/cachew cachew
  sluice restore https://github.com/block/cachew cachew --ref main --ref refs/tags/v1 --json`;

/** Adds the command to `program`. */
export function addRestoreCommand(program: Command): void {
  program
    .command('restore')
    .description('clone a repository from its snapshot on a server')
    .argument('<REPOSITORY>', 'https://HOST/PATH')
    .argument('<DIRECTORY>', 'where to put it: does not exist yet, or is empty')
    .addOption(serverOption())
    .addOption(new Option('--no-bundle', "stay at the snapshot's commit"))
    .addOption(refOption())
    .addOption(commitOption())
    .addOption(wholeOption('--concurrency <NUMBER>', 'most ranges at a time', [1, 64]).default(8))
    .addOption(
      sizeOption('--chunk-size <SIZE>', 'bytes of one range', [64 * KiB, 64 * MiB]).default(
        16 * MiB,
        '16MiB',
      ),
    )
    .addOption(new Option('--json', 'tell everything as JSON lines on standard output'))
    .addHelpText('after', help)
    .action(run);
}

function refOption(): ValueOption<Record<string, string>> {
  const allowed = 'a branch or a full ref name, with =SHA if it has to be at a commit or past it';
  const help = 'ref that has to exist; may be repeated';
  return new ValueOption('--ref <NAME[=SHA]>', help, allowed, (text, previous = {}) => {
    const [written = '', at = '', ...more] = text.split('=');
    const name = fullRefName(written);
    const isSane = name !== undefined && more.length === 0 && (isCommitId(at) || !text.includes('='));
    return isSane ? { ...previous, [name]: at } : undefined;
  });
}

function commitOption(): ValueOption<readonly string[]> {
  const allowed = 'a whole commit id: 40 or 64 lower-case hex digits';
  return new ValueOption(
    '--commit <SHA>',
    'commit that has to exist; may be repeated',
    allowed,
    (text, previous = []) => (isCommitId(text) ? [...previous, text] : undefined),
  );
}

async function run(repository: string, directory: string, flags: RestoreFlags): Promise<void> {
  using interrupt = listenForInterrupt();
  using narrator = flags.json ? new JsonNarrator() : new TextNarrator();
  const startedAt = performance.now();
  try {
    const { upstream } = parseUpstream(repository, 'REPOSITORY');
    // Only this command needs the engine; the others start faster without it.
    const { restore } = await import('#main/client/restore.ts');
    const options: RestoreOptions = {
      repository: upstream,
      directory,
      server: serverOf(flags.server, process.env),
      bundle: flags.bundle ? 'apply' : 'ignore',
      refs: flags.ref ?? {},
      commits: flags.commit ?? [],
      chunkBytes: flags.chunkSize,
      concurrency: flags.concurrency,
      onEvent: (event) => narrator.onEvent(event),
    };
    const restored = await restore(options, interrupt.signal);
    const milliseconds = Math.round(performance.now() - startedAt);
    narrator.done({ ...restored, repository: upstream, directory, milliseconds });
  } catch (error) {
    narrator.failed({ code: isSluiceError(error) ? error.code : 'INVARIANT', message: messageOf(error) });
    throw withOwnExitCode(error);
  }
}

function withOwnExitCode(error: unknown): unknown {
  if (!isSluiceError(error)) return error;
  if (error instanceof MissingRefsError) return withExitCode(error, 4);
  if (error.code === 'NOT_FOUND') return withExitCode(error, 3);
  return error.code === 'ABORTED' ? withExitCode(error, 130) : error;
}
