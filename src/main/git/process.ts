/**
 * Runs other programs (git, tar, zstd) so that none outlives its purpose: each is the leader of its own process
 * group, and cancelling, a timeout, disposal or the end of this process ends the whole group, helpers included.
 * Output is read with backpressure; of standard error only the tail is kept, for the message. Its lines reach
 * nobody before secrets are masked in them.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { isSluiceError, SluiceError } from '#shared/errors.ts';
import { maskSecrets } from './secrets.ts';

export interface ProgramOptions {
  readonly cwd?: string;
  /** The whole environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMilliseconds?: number | undefined;
  /** Gets each line of standard error, masked; what git writes over with a carriage return is a line too. */
  readonly onLine?: ((line: string) => void) | undefined;
  /** What must not appear in lines and messages, beside what looks like a secret. */
  readonly secrets?: Iterable<string> | undefined;
}

/** A program under way. Disposing ends its group and waits until it is gone. */
export interface Program extends AsyncDisposable {
  readonly input: Writable;
  readonly output: Readable;
  /** Settles when the program and its output have ended. Rejects with PROCESS_FAILED or ABORTED; never unhandled. */
  readonly finished: Promise<void>;
}

/** The cause of a PROCESS_FAILED when the program ran and said no. */
class ExitError extends Error {
  readonly exitCode: number | undefined;

  /** `output`: the end of its standard error, masked; `exitCode` is absent when a signal ended it. */
  constructor(output: string, exitCode: number | undefined) {
    super(output);
    this.name = 'ExitError';
    this.exitCode = exitCode;
  }
}

const graceMilliseconds = 2000;
const errorTailLength = 4096;
const lineLimitLength = 4096;
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
  const tail = listen(child, options);
  const finished = settle(child, { commandLine: [command, ...args], cwd, tail, stop, timeout }).finally(
    () => {
      alive.delete(child);
      stop.removeEventListener('abort', onStop);
    },
  );
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

/**
 * The output of `program` by lines, like readOutput.
 * @throws SluiceError PROCESS_FAILED, ABORTED
 */
export async function* readLines(program: Program): AsyncGenerator<string, void, undefined> {
  yield* createInterface({ input: program.output, crlfDelay: Infinity });
  await program.finished;
}

/** Reads standard error line by line, and returns what gives its end. */
function listen(child: ChildProcess, { onLine, secrets }: ProgramOptions): () => string {
  let rest = '';
  let tail = '';
  const take = (line: string) => {
    const masked = maskSecrets(line, secrets);
    tail = `${tail}${masked}\n`.slice(-errorTailLength);
    if (masked.trim() !== '') onLine?.(masked);
  };
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split(/[\r\n]/);
    rest = (lines.pop() ?? '').slice(-lineLimitLength);
    for (const line of lines) take(line);
  });
  child.stderr?.on('end', () => rest && take(rest));
  return () => tail;
}

interface Ending {
  readonly commandLine: readonly string[];
  readonly cwd: string | undefined;
  readonly tail: () => string;
  readonly stop: AbortSignal;
  readonly timeout: AbortSignal | undefined;
}

/**
 * Moves all of `source` into `program`, and resolves when that has taken it or takes no more. What became of it only
 * `finished` can tell: a program that has read everything may have ended, and its input with it, before the last write
 * is known to be done.
 * @throws whatever `source` fails with; the program's input has ended then
 */
export async function feedProgram({ input }: Program, source: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    for await (const piece of source) {
      if (input.destroyed) return;
      if (!input.write(piece)) await drained(input);
    }
    input.end();
  } catch (error) {
    input.destroy();
    throw error;
  }
}

/** Resolves when more can be written, or nothing can any more. */
function drained(input: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      input.off('drain', done).off('close', done);
      resolve();
    };
    input.on('drain', done).on('close', done);
    if (input.destroyed) done();
  });
}

async function settle(child: ChildProcess, ending: Ending): Promise<void> {
  const { commandLine, cwd, tail, stop, timeout } = ending;
  const name = describe(commandLine);
  let code: number | null;
  let killedBy: string | null;
  try {
    [code, killedBy] = (await once(child, 'close')) as [number | null, string | null];
  } catch (error) {
    throw new SluiceError('PROCESS_FAILED', whyNotStarted(error, name, cwd), { cause: error });
  }
  // Before its exit code: some programs take SIGTERM for a reason to stop early, with success.
  if (timeout?.aborted) throw new SluiceError('PROCESS_FAILED', `${name} took too long and was ended`);
  if (stop.aborted) throw new SluiceError('ABORTED', `${name} was cancelled`, { cause: stop.reason });
  if (code === 0) return;
  const output = tail();
  const message = `${name} failed (${killedBy ?? `exit code ${code}`}): ${reasonIn(output)}`;
  throw new SluiceError('PROCESS_FAILED', message, { cause: new ExitError(output, code ?? undefined) });
}

/** A folder that is gone and a program that is missing are the same error to the system. */
function whyNotStarted(error: unknown, name: string, cwd: string | undefined): string {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return `${name} did not start`;
  if (cwd !== undefined && !existsSync(cwd)) return `${name} did not start: the folder ${cwd} does not exist`;
  return `${name.split(' ')[0]} is not installed, or not on PATH`;
}

/** `git clone`, `tar`: the program and, for git, which of its commands. */
function describe([command = '', ...args]: readonly string[]): string {
  const verb = command === 'git' ? args.find((arg) => /^[a-z][a-z-]+$/.test(arg)) : undefined;
  return verb ? `${command} ${verb}` : command;
}

/** The line of standard error that says why: git's `fatal:` line, or the last one. */
function reasonIn(tail: string): string {
  const lines = tail.split('\n').filter((line) => line.trim() !== '');
  const index = lines.findIndex((line) => line.startsWith('fatal: '));
  const fatal = lines[index];
  // There it is ssh that knows why, and it has said so one line earlier.
  const before = fatal?.startsWith('fatal: Could not read from remote') ? lines[index - 1] : undefined;
  if (fatal !== undefined) return before === undefined ? fatal : `${before.trim()} (${fatal.slice(7)})`;
  return lines.at(-1)?.trim() ?? 'no reason given';
}

/** Whether `error` is a program's own no, with this exit code if one is named. */
export function isRefusal(error: unknown, exitCode?: number): error is SluiceError {
  if (!isSluiceError(error, 'PROCESS_FAILED') || !(error.cause instanceof ExitError)) return false;
  const said = error.cause.exitCode;
  return exitCode === undefined ? said !== undefined : said === exitCode;
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
