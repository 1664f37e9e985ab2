/** Running other programs: the only place in scripts/ that spawns, so that signals and output behave the same. */
import { spawn, spawnSync, type SpawnOptions } from 'node:child_process';
import { constants } from 'node:os';
import { resolve } from 'node:path';

/** The checkout. */
export const root = resolve(import.meta.dirname, '..');

/** Where the user is: npm itself runs scripts in the checkout. */
export const userDirectory = process.env['INIT_CWD'] ?? process.cwd();

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Where its standard output goes. Default: to ours. */
  readonly output?: 'stdout' | 'stderr' | 'nowhere';
  /** Killed (and counted as failed) after this long. */
  readonly timeoutMilliseconds?: number;
}

/** One line to standard error: standard output belongs to the program that a script runs. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Ends the script with one sentence. */
export function stop(sentence: string, code = 1): never {
  say(`sluice: ${sentence}`);
  process.exit(code);
}

/**
 * Runs a program to its end and gives its exit code, 128 + the signal's number when a signal ended it (as shells
 * do), 127 when it is not there. SIGTERM and SIGINT that reach us meanwhile go on to it.
 */
export async function run(
  command: string,
  arguments_: readonly string[],
  options: RunOptions = {},
): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  const child = spawn(command, arguments_, spawnOptions(options));
  const forward = (signal: NodeJS.Signals) => child.kill(signal);
  process.on('SIGTERM', forward).on('SIGINT', forward);
  child.once('error', () => resolve(127));
  child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']));
  try {
    return await promise;
  } finally {
    process.off('SIGTERM', forward).off('SIGINT', forward);
  }
}

function spawnOptions(options: RunOptions): SpawnOptions {
  const { cwd = root, env = process.env, output = 'stdout', timeoutMilliseconds } = options;
  const stdout = { stdout: 'inherit', stderr: 2, nowhere: 'ignore' } as const;
  return {
    cwd,
    env,
    stdio: ['inherit', stdout[output], output === 'nowhere' ? 'ignore' : 'inherit'],
    ...(timeoutMilliseconds === undefined ? {} : { timeout: timeoutMilliseconds, killSignal: 'SIGKILL' }),
  };
}

/** What a short program prints, or `undefined` when it fails or is not there. */
export function outputOf(command: string, arguments_: readonly string[]): string | undefined {
  const result = spawnSync(command, arguments_, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return result.status === 0 ? result.stdout : undefined;
}
