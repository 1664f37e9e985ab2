/** `doctor`: what Sluice finds on this machine, what is wrong and how to mend it. Changes nothing. */
import type { Command } from 'commander';
import { loadConfig } from '#main/config/load.ts';
import { SluiceError } from '#shared/errors.ts';
import { allChecks, type Finding } from './doctor-checks.ts';
import { listenForInterrupt } from './interrupt.ts';
import { addSettings, flagValuesOf } from './serve-flags.ts';

const help = `
Takes the settings of "sluice serve" and checks what it would use. Exit code 1 when something is broken.

Example:
  sluice doctor --store s3://bucket`;

/** Adds the command to `program`. */
export function addDoctorCommand(program: Command): void {
  const command = program.command('doctor').description('check what Sluice needs on this machine');
  addSettings(command)
    .addHelpText('after', help)
    .action(async () => {
      using interrupt = listenForInterrupt();
      const { config } = loadConfig({ flags: flagValuesOf(command), env: process.env });
      let broken = 0;
      for (const check of allChecks) {
        const finding = await check(config, interrupt.signal);
        if (finding.level === 'fail') broken += 1;
        process.stdout.write(toLine(finding));
      }
      if (broken > 0)
        throw new SluiceError('PROCESS_FAILED', `${broken} of ${allChecks.length} checks failed`);
    });
}

/** `fail  git      not installed` and, on a line of its own, how to mend it. */
function toLine({ level, subject, found, remedy }: Finding): string {
  const line = `${level.padEnd(4)}  ${subject.padEnd(8)}  ${found}\n`;
  return remedy === undefined ? line : `${line}${' '.repeat(16)}${remedy}\n`;
}
