/** `profile`: profiles of a running server, and what is in profiles of any program. */
import { readFile, stat } from 'node:fs/promises';
import type { Command } from 'commander';
import { openFileSink } from '#main/client/file-sink.ts';
import type { HttpAnswer } from '#main/client/http.ts';
import { ledgerFile, removeProfile, takeProfile } from '#main/client/profiles.ts';
import { quoted, systemReason } from '#main/config/quoted.ts';
import type { CaptureRequest } from '#shared/contract/profiles.ts';
import { captureSeconds, heapIntervalBytes } from '#shared/vocabulary/profiles.ts';
import { SluiceError } from '#shared/errors.ts';
import { maxProfileBytes, ProfileError } from '#shared/profile/profile.ts';
import { readProfile, type OpenedProfile } from '#shared/profile/read.ts';
import { formatBytes } from '#shared/units.ts';
import { listenForInterrupt } from './interrupt.ts';
import {
  operatedServer,
  type ServerFlags,
  serverOption,
  sizeOption,
  tokenFileOption,
  ValueOption,
  wholeOption,
} from './options.ts';
import { showComparison, showConstructors, showTop, type ShowFlags } from './profile-text.ts';

interface TakeFlags extends ServerFlags {
  readonly output: string;
  readonly seconds?: number;
  readonly interval?: number;
}

/** Adds the command and its parts to `program`. */
export function addProfileCommand(program: Command): void {
  const profile = program
    .command('profile')
    .description('profiles of a server, and what is in profile files');
  taking(profile, 'heap', 'sample what a server allocates and keeps')
    .addOption(secondsOption())
    .addOption(
      sizeOption('--interval <SIZE>', 'bytes between two samples (default: 32KiB)', [
        heapIntervalBytes.least,
        heapIntervalBytes.most,
      ]),
    )
    .addHelpText('after', '\nExample:\n  sluice profile heap -o sluice.heapprofile --seconds 30')
    .action((flags: TakeFlags) => take('heap', flags));
  taking(profile, 'cpu', 'sample what a server does')
    .addOption(secondsOption())
    .addHelpText('after', '\nExample:\n  sluice profile cpu -o sluice.cpuprofile --seconds 30')
    .action((flags: TakeFlags) => take('cpu', flags));
  taking(profile, 'snapshot', 'write down every object of a server, which stops meanwhile')
    .addHelpText(
      'after',
      '\nThe server serves nobody until it is done: about a second for each 10 MiB of its heap. It takes up to twenty\n' +
        'times the heap in memory, and refuses when that is not there.\n' +
        '\nExample:\n  sluice profile snapshot -o sluice.heapsnapshot',
    )
    .action((flags: TakeFlags) => take('snapshot', flags));
  taking(profile, 'ledger', 'who holds the memory that bodies take, as pprof')
    .addHelpText(
      'after',
      '\nExample:\n  sluice profile ledger -o ledger.pb.gz && go tool pprof -tags ledger.pb.gz',
    )
    .action(takeLedger);
  const files =
    'Files: .heapprofile, .heapsnapshot and .cpuprofile of V8, pprof, folded stacks; with gzip or not.';
  showing(profile.command('top').argument('<FILE>', 'a profile'))
    .description('the functions that have the most, as "go tool pprof -top" counts')
    .addHelpText('after', `\n${files}\n\nExample:\n  sluice profile top heap.pb.gz --type alloc_space`)
    .action(showFile);
  showing(profile.command('diff').argument('<BEFORE>', 'a profile').argument('<AFTER>', 'another'))
    .description('what has become more and less from one profile to another')
    .addHelpText('after', `\n${files}\n\nExample:\n  sluice profile diff monday.pb.gz tuesday.pb.gz`)
    .action(diff);
}

function taking(profile: Command, name: string, description: string): Command {
  return profile
    .command(name)
    .description(description)
    .addOption(
      new ValueOption('-o, --output <FILE>', 'where to put it, replaced when complete', 'a file', (text) =>
        text === '' ? undefined : text,
      ).makeOptionMandatory(),
    )
    .addOption(serverOption())
    .addOption(tokenFileOption());
}

function showing(command: Command): Command {
  return command
    .addOption(
      new ValueOption('--type <NAME>', "sample type (default: the file's own)", 'a name', (text) =>
        text === '' ? undefined : text,
      ),
    )
    .addOption(wholeOption('--limit <COUNT>', 'most rows', [1, 100_000]).default(20));
}

function secondsOption() {
  const { least, most } = captureSeconds;
  return wholeOption('--seconds <NUMBER>', `for how long (default: ${captureSeconds.default})`, [
    least,
    most,
  ]);
}

async function take(kind: CaptureRequest['kind'], { output, ...flags }: TakeFlags): Promise<void> {
  using interrupt = listenForInterrupt();
  const server = operatedServer(flags, process.env);
  await using sink = await openFileSink(output, '--output');
  const request = {
    kind,
    ...(flags.seconds !== undefined && { seconds: flags.seconds }),
    ...(flags.interval !== undefined && { intervalBytes: flags.interval }),
  };
  const { capture, file } = await takeProfile(server, request, interrupt.signal);
  using answer = file;
  await sink.commit(await copy(answer, sink));
  await removeProfile(server, capture.id, interrupt.signal);
  process.stdout.write(`${output}: ${formatBytes(capture.bytes)}\n`);
}

async function takeLedger({ output, ...flags }: TakeFlags): Promise<void> {
  using interrupt = listenForInterrupt();
  const server = operatedServer(flags, process.env);
  await using sink = await openFileSink(output, '--output');
  using answer = await ledgerFile(server, interrupt.signal);
  const bytes = await copy(answer, sink);
  await sink.commit(bytes);
  process.stdout.write(`${output}: ${formatBytes(bytes)}\n`);
}

async function copy(
  { body }: HttpAnswer,
  sink: { write(bytes: Uint8Array, offset: number): Promise<void> },
): Promise<number> {
  let bytes = 0;
  for await (const piece of body) {
    await sink.write(piece, bytes);
    bytes += piece.length;
  }
  return bytes;
}

async function showFile(file: string, flags: ShowFlags): Promise<void> {
  const opened = await openProfile(file, 'FILE');
  process.stdout.write(
    opened.kind === 'snapshot' ? showConstructors(opened.snapshot, flags) : showTop(opened.profile, flags),
  );
}

async function diff(before: string, after: string, flags: ShowFlags): Promise<void> {
  const [a, b] = [await openProfile(before, 'BEFORE'), await openProfile(after, 'AFTER')];
  if (a.kind !== 'profile' || b.kind !== 'profile')
    throw new SluiceError(
      'INVALID_INPUT',
      'heap snapshots have no stacks: allowed are two profiles of another format',
    );
  process.stdout.write(await refusing(() => showComparison(a.profile, b.profile, flags)));
}

async function openProfile(file: string, name: string): Promise<OpenedProfile> {
  using interrupt = listenForInterrupt();
  const refuse = (why: string, cause?: unknown) =>
    new SluiceError('INVALID_INPUT', `${name} ${quoted(file)} ${why}`, { cause });
  const found = await stat(file).catch((error: unknown) => {
    throw refuse(`cannot be read (${systemReason(error)})`, error);
  });
  if (!found.isFile()) throw refuse('is no file');
  if (found.size > maxProfileBytes) throw refuse(`is larger than ${formatBytes(maxProfileBytes)}`);
  const bytes = await readFile(file);
  return refusing(() => readProfile(bytes, file, { signal: interrupt.signal }));
}

/** @throws SluiceError INVALID_INPUT instead of a ProfileError */
async function refusing<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ProfileError)) throw error;
    throw new SluiceError('INVALID_INPUT', error.message, { cause: error });
  }
}
