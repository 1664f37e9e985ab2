/** The `sluice` command: its parts put together, and what each way of ending means. */
import { debuglog } from 'node:util';
import { Command } from 'commander';
import { version } from '#main/version.ts';
import { isSluiceError, messageOf } from '#shared/errors.ts';
import { addCheckCommand } from './check.ts';
import { addDoctorCommand } from './doctor.ts';
import { addDownloadCommand } from './download.ts';
import { exitCodeOf } from './exit-code.ts';
import { addExperimentCommand } from './experiment.ts';
import { Interrupted } from './interrupt.ts';
import { addMirrorCommand } from './mirror.ts';
import { addObjectCommands } from './objects.ts';
import { addProfileCommand } from './profile.ts';
import { isDone, refuseInOneLine } from './refusals.ts';
import { addIncidentCommand } from './incident.ts';
import { addOpenCommand } from './open.ts';
import { addRecordCommand } from './record.ts';
import { addRequestsCommand } from './requests.ts';
import { addRestoreCommand } from './restore.ts';
import { addServeCommand } from './serve.ts';
import { addSnapshotCommand } from './snapshot.ts';
import { addTokenCommand } from './token.ts';

const debug = debuglog('sluice');

/**
 * Runs one command line (without the program's name) and returns its exit code: 0 done, 1 failed, 2 bad input, or
 * another that the command's help explains. Never throws: a failure is one line on standard error (NODE_DEBUG=sluice shows all of it).
 */
export async function run(argv: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync(argv, { from: 'user' });
    return 0;
  } catch (error) {
    if (isDone(error)) return 0;
    debug('%o', error);
    // Whoever read our output has seen enough of it (`sluice get … | head`).
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') return 1;
    const isPlain = isSluiceError(error, 'ABORTED') && !(error instanceof Interrupted);
    const message = isPlain ? 'interrupted' : messageOf(error);
    process.stderr.write(`sluice: ${message.replace(/\s*\n\s*/g, ' ')}\n`);
    return exitCodeOf(error);
  }
}

function createProgram(): Command {
  const program = new Command('sluice')
    .description('Serves git snapshots in ranges through one exact memory budget.')
    .version(version, '--version', 'show the version')
    .helpOption('--help', 'show help for a command')
    .addHelpText(
      'after',
      '\nFirst steps:\n  sluice serve\n  sluice snapshot . --as https://example.com/my/project',
    );
  addServeCommand(program);
  addObjectCommands(program);
  addMirrorCommand(program);
  addSnapshotCommand(program);
  addDownloadCommand(program);
  addRestoreCommand(program);
  addTokenCommand(program);
  addRequestsCommand(program);
  addExperimentCommand(program);
  addProfileCommand(program);
  addRecordCommand(program);
  addIncidentCommand(program);
  addOpenCommand(program);
  addDoctorCommand(program);
  addCheckCommand(program);
  for (const command of withParts(program))
    refuseInOneLine(command).helpOption('--help', 'show this help').helpCommand(false);
  return program;
}

/** A command and all that is below it. */
function withParts(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withParts)];
}
