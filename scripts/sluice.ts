/**
 * `npm run -s sluice -- …`: the command line, built when stale. It runs in this very process, so that standard
 * input and output, the exit code and signals are its own.
 */
import { join } from 'node:path';
import { ensureBuilt } from './build.ts';
import { root, userDirectory } from './process.ts';

export async function main(arguments_: readonly string[]): Promise<void> {
  await ensureBuilt();
  await runCommandLine(arguments_);
}

/** Hands this process over to the built command line. */
export async function runCommandLine(arguments_: readonly string[]): Promise<void> {
  const commandLine = join(root, 'out/main/cli.js');
  process.chdir(userDirectory);
  process.argv.splice(1, process.argv.length, commandLine, ...arguments_);
  await import(commandLine);
}
