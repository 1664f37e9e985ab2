/** `incident`: all that it takes to understand what happened on a server, in one file. */
import { stat } from 'node:fs/promises';
import type { Command } from 'commander';
import { attachProfile, getBundle, makeBundle } from '#main/client/incidents.ts';
import { listProfiles } from '#main/client/profiles.ts';
import { quoted, systemReason } from '#main/config/quoted.ts';
import type { Attachment, Bundle } from '#shared/contract/incidents.ts';
import { SluiceError } from '#shared/errors.ts';
import { recordingIdSchema } from '#shared/recording/model.ts';
import { formatBytes } from '#shared/units.ts';
import { listenForInterrupt } from './interrupt.ts';
import { printable } from './job-progress.ts';
import { operatedServer, serverOption, tokenFileOption, ValueOption, type ServerFlags } from './options.ts';
import { requireFolder, requireNew, writeNew } from './write-new.ts';

interface IncidentFlags extends ServerFlags {
  readonly recording?: string;
  readonly note?: string;
  readonly output?: string;
  readonly profile?: readonly string[];
  readonly snapshots?: true;
}

const help = `
The file is a .tar.gz: summary.html opens in any browser; beside it are the recording, profiles, the settings in force
without their secrets, versions, notes, and redactions.txt, which says what is not in it. The profiles are the ledger by
owner, those that the server keeps, and two seconds of what it does now. --profile adds files from elsewhere, such as
pprof of Go: they are sent to the server, which reads them before it takes them.

Examples:
  sluice incident --note "slow since 03:12" -o incident.tar.gz
  sluice incident --profile heap.pb.gz goroutines.pb.gz -o incident.tar.gz`;

/** Adds the command to `program`. */
export function addIncidentCommand(program: Command): void {
  program
    .command('incident')
    .description('put what a server recorded, and how it is set up, into one file')
    .addOption(
      new ValueOption(
        '--recording <ID>',
        'one that is saved (default: what is kept all the time)',
        'an id as "sluice record list" shows it',
        (text) => recordingIdSchema.safeParse(text).data,
      ),
    )
    .addOption(new ValueOption('--note <TEXT>', 'what it is about', 'a text', (text) => text))
    .addOption(
      new ValueOption<readonly string[]>(
        '--profile <FILE...>',
        'profiles of other programs to put in, 64 MiB together',
        'a file that can be read',
        (text, before = []) => (text === '' ? undefined : [...before, text]),
      ),
    )
    .option('--snapshots', 'put heap snapshots that the server keeps in, too')
    .addOption(
      new ValueOption('-o, --output <FILE>', 'the new file', 'a file that does not exist', (text) => text),
    )
    .addOption(serverOption())
    .addOption(tokenFileOption())
    .addHelpText('after', help)
    .action(incident);
}

async function incident({ recording, note = '', output, profile = [], snapshots, ...flags }: IncidentFlags) {
  using interrupt = listenForInterrupt();
  const { signal } = interrupt;
  const server = operatedServer(flags, process.env);
  // Without a name it goes here, under one that the server gives.
  await (output === undefined ? requireFolder('incident.tar.gz') : requireNew(output));
  const attached: string[] = [];
  for (const file of profile) attached.push((await attach(server, file, signal)).id);
  const captures = snapshots ? await listProfiles(server, signal) : [];
  const input = {
    note,
    attached,
    ...(recording === undefined ? {} : { recording }),
    ...(snapshots ? { captures: captures.filter(({ state }) => state === 'ready').map(({ id }) => id) } : {}),
  };
  const bundle = await makeBundle(server, input, signal);
  const path = output ?? bundle.fileName;
  using answer = await getBundle(server, bundle.id, signal);
  await writeNew(path, answer.body, signal);
  process.stdout.write(told(path, bundle));
}

/** @throws SluiceError INVALID_INPUT for what is no file, or no profile */
async function attach(server: URL, file: string, signal: AbortSignal): Promise<Attachment> {
  const found = await stat(file).catch((error: unknown) => {
    const why = systemReason(error);
    throw new SluiceError('INVALID_INPUT', `--profile ${quoted(file)} cannot be read (${why})`, {
      cause: error,
    });
  });
  if (!found.isFile()) throw new SluiceError('INVALID_INPUT', `--profile ${quoted(file)} is no file`);
  return attachProfile(server, file, signal);
}

/** What is in it: a line for each file, and what each profile says. */
function told(path: string, { bytes, files, profiles }: Bundle): string {
  const sentences = new Map(profiles.map(({ file, sentence }) => [file, sentence]));
  const lines = files.map((file) => `  ${[file, sentences.get(file) ?? ''].join('  ').trimEnd()}`);
  return [`${path}  ${formatBytes(bytes)}; redactions.txt says what is not in it`, ...lines]
    .map((line) => `${printable(line)}\n`)
    .join('');
}
