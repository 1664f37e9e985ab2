/**
 * Runs other programs (git, tar, zstd) so that none outlives its purpose: each is the leader of its own process
 * group, and cancelling, a timeout, disposal or the end of this process ends the whole group, helpers included.
 * Output is read with backpressure; of standard error only the tail is kept, for the message.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { SluiceError } from '#shared/errors.ts';

export interface ProgramOptions {
  readonly cwd?: string;
  /** The whole environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMilliseconds?: number;
}

/** A program under way. Disposing ends its group and waits until it is gone. */
export interface Program extends AsyncDisposable {
  readonly input: Writable;
  readonly output: Readable;
  /** Settles when the program and its output have ended. Rejects with PROCESS_FAILED or ABORTED; never unhandled. */
  readonly finished: Promise<void>;
}

const graceMilliseconds = 2000;
const errorTailBytes = 4096;
const outputLimitBytes = 1024 * 1024;

const alive = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of alive) endGroup(child, 'SIGKILL');
});

/** Starts `command`; a failure to start shows in `finished`. */
export function startProgram(
  command: string,
  args: readonly string[],
  options: ProgramOptions,
  signal: AbortSignal,
): Program {
  const { cwd, env, timeoutMilliseconds } = options;
  const child = spawn(command, args, {
    ...(cwd && { cwd }),
    env,
    detached: true,
    stdio: 'pipe',
    windowsHide: true,
  });
  alive.add(child);
  const timeout = timeoutMilliseconds === undefined ? undefined : AbortSignal.timeout(timeoutMilliseconds);
  const stop = timeout ? AbortSignal.any([signal, timeout]) : signal;
  const onStop = () => void endGently(child);
  stop.addEventListener('abort', onStop, { once: true });
  if (stop.aborted) onStop();
  // A reader that ended early (EPIPE) shows as the program's own failure.
  child.stdin.on('error', () => undefined);
  const finished = settle(child, [command, ...args], stop, timeout).finally(() => {
    alive.delete(child);
    stop.removeEventListener('abort', onStop);
  });
  finished.catch(() => undefined);
  return {
    input: child.stdin,
    output: child.stdout,
    finished,
    async [Symbol.asyncDispose]() {
      child.stdout.destroy();
      await endGently(child);
      await finished.catch(() => undefined);
    },
  };
}

/**
 * Runs `command` to its end and returns its standard output, at most 1 MiB.
 * @throws SluiceError PROCESS_FAILED (not installed, failed, too slow, too much output), ABORTED
 */
export async function runProgram(
  command: string,
  args: readonly string[],
  options: ProgramOptions,
  signal: AbortSignal,
): Promise<string> {
  await using program = startProgram(command, args, options, signal);
  program.input.end();
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of readOutput(program)) {
    bytes += piece.length;
    if (bytes > outputLimitBytes) throw new SluiceError('PROCESS_FAILED', `${command} wrote too much output`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}

/**
 * The output of `program` as it comes. Ends without an error only when the program succeeded; a program that failed
 * says why, whatever became of its output.
 * @throws SluiceError PROCESS_FAILED, ABORTED
 */
export async function* readOutput(program: Program): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* program.output as AsyncIterable<Uint8Array>;
  } catch (error) {
    await program.finished;
    throw error;
  }
  await program.finished;
}

async function settle(
  child: ChildProcess,
  commandLine: readonly string[],
  stop: AbortSignal,
  timeout: AbortSignal | undefined,
): Promise<void> {
  let tail = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-errorTailBytes);
  });
  const name = describe(commandLine);
  let code: number | null;
  let killedBy: string | null;
  try {
    [code, killedBy] = (await once(child, 'close')) as [number | null, string | null];
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const message = missing ? `${commandLine[0]} is not installed, or not on PATH` : `${name} did not start`;
    throw new SluiceError('PROCESS_FAILED', message, { cause: error });
  }
  if (code === 0) return;
  if (timeout?.aborted) throw new SluiceError('PROCESS_FAILED', `${name} took too long and was ended`);
  if (stop.aborted) throw new SluiceError('ABORTED', `${name} was cancelled`, { cause: stop.reason });
  throw new SluiceError(
    'PROCESS_FAILED',
    `${name} failed (${killedBy ?? `exit code ${code}`}): ${reasonIn(tail)}`,
  );
}

/** `git clone`, `tar`: the program and, for git, which of its commands. */
function describe([command = '', ...args]: readonly string[]): string {
  const verb = command === 'git' ? args.find((arg) => /^[a-z][a-z-]+$/.test(arg)) : undefined;
  return verb ? `${command} ${verb}` : command;
}

/** The line of standard error that says why: git's `fatal:` line, or the last one. */
function reasonIn(tail: string): string {
  const lines = tail.split(/[\r\n]+/).filter((line) => line.trim() !== '');
  return lines.find((line) => line.startsWith('fatal: ')) ?? lines.at(-1) ?? 'no reason given';
}

async function endGently(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  endGroup(child, 'SIGTERM');
  const timer = setTimeout(() => endGroup(child, 'SIGKILL'), graceMilliseconds);
  await once(child, 'exit').catch(() => undefined);
  clearTimeout(timer);
  endGroup(child, 'SIGKILL');
}

function endGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, signal);
  } catch (error) {
    // Already gone is what was wanted.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
