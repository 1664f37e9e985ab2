/** `incident`: all that it takes to understand what happened on a server, in one file. */
import type { Command } from 'commander';
import { getBundle, makeBundle } from '#main/client/incidents.ts';
import { recordingIdSchema } from '#shared/recording/model.ts';
import { formatBytes } from '#shared/units.ts';
import { listenForInterrupt } from './interrupt.ts';
import { printable } from './job-progress.ts';
import { operatedServer, serverOption, tokenFileOption, ValueOption, type ServerFlags } from './options.ts';
import { writeNew } from './write-new.ts';

interface IncidentFlags extends ServerFlags {
  readonly recording?: string;
  readonly note?: string;
  readonly output?: string;
}

const help = `
The file is a .tar.gz: summary.html opens in any browser; beside it are the recording, profiles, the settings in force
without their secrets, versions, notes, and redactions.txt, which says what is not in it.

Example:
  sluice incident --note "slow since 03:12" -o incident.tar.gz`;

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
      new ValueOption('-o, --output <FILE>', 'the new file', 'a file that does not exist', (text) => text),
    )
    .addOption(serverOption())
    .addOption(tokenFileOption())
    .addHelpText('after', help)
    .action(incident);
}

async function incident({ recording, note = '', output, ...flags }: IncidentFlags): Promise<void> {
  using interrupt = listenForInterrupt();
  const server = operatedServer(flags, process.env);
  const chosen = recording === undefined ? {} : { recording };
  const bundle = await makeBundle(server, { ...chosen, note }, interrupt.signal);
  const path = output ?? bundle.fileName;
  using answer = await getBundle(server, bundle.id, interrupt.signal);
  await writeNew(path, answer.body, interrupt.signal);
  process.stdout.write(
    `${printable(path)}  ${formatBytes(bundle.bytes)}  ${bundle.files.length} files; redactions.txt says what is not in it\n`,
  );
}
