import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { plainEnvironment } from './git.ts';
import { runProgram, startProgram } from './process.ts';

const env = plainEnvironment();
const never = new AbortController().signal;

/** True while the process runs; one that has ended and that nobody has collected yet does not. */
function runs(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** A shell that waits for a child of its own. Resolves with the child's process id. */
async function startFamily(signal: AbortSignal) {
  const program = startProgram('sh', ['-c', 'sleep 600 & echo $!; wait'], { env }, signal);
  const [line] = (await once(program.output, 'data')) as [Buffer];
  program.output.resume();
  return { program, grandchild: Number(line.toString()) };
}

describe('runProgram', () => {
  it('returns the output', async () => {
    await expect(runProgram('echo', ['one', 'two'], { env }, never)).resolves.toBe('one two\n');
  });

  it('says why a program failed', async () => {
    const script = 'echo progress >&2; echo "fatal: no such thing" >&2; echo more >&2; exit 3';
    await expect(runProgram('sh', ['-c', script], { env }, never)).rejects.toMatchObject({
      code: 'PROCESS_FAILED',
      message: 'sh failed (exit code 3): fatal: no such thing',
    });
  });

  it('says that a program is not installed', async () => {
    await expect(runProgram('no-such-program', [], { env }, never)).rejects.toMatchObject({
      code: 'PROCESS_FAILED',
      message: 'no-such-program is not installed, or not on PATH',
    });
  });

  it('says that the folder to run in is gone', async () => {
    await expect(runProgram('echo', [], { cwd: '/no/such', env }, never)).rejects.toThrow(
      'echo did not start: the folder /no/such does not exist',
    );
  });

  it('hands on the lines of standard error, carriage returns and the last one included, without secrets', async () => {
    const lines: string[] = [];
    const options = { env, secrets: ['s3cret'], onLine: (line: string) => void lines.push(line) };
    const script = String.raw`printf 'one s3cr'; printf 'one s3cr' >&2; sleep 0.05; printf 'et\r50%%\n\nlast' >&2; exit 1`;
    await expect(runProgram('sh', ['-c', script], options, never)).rejects.toThrow('last');
    expect(lines).toEqual(['one ***', '50%', 'last']);
  });

  it('keeps the end of standard error as the cause', async () => {
    const failure = runProgram('sh', ['-c', 'echo https://me:pw@host >&2; exit 2'], { env }, never);
    await expect(failure).rejects.toMatchObject({ cause: { message: 'https://***@host\n', exitCode: 2 } });
  });

  it('refuses to hold more than 1 MiB of output', async () => {
    await expect(runProgram('cat', ['/dev/zero'], { env }, never)).rejects.toThrow('wrote too much output');
  });

  it('ends a program that takes too long', async () => {
    const options = { env, timeoutMilliseconds: 50 };
    await expect(runProgram('sleep', ['600'], options, never)).rejects.toThrow(
      'sleep took too long and was ended',
    );
  });

  it('inherits nothing from the environment', async () => {
    const output = await runProgram(
      'env',
      [],
      { env: { PATH: process.env['PATH'] ?? '', ONLY: 'this' } },
      never,
    );
    expect(output.split('\n').filter((line) => !line.startsWith('PATH='))).toEqual(['ONLY=this', '']);
  });
});

describe('startProgram', () => {
  it('ends the whole process group when it is cancelled', async () => {
    const controller = new AbortController();
    const { program, grandchild } = await startFamily(controller.signal);
    expect(runs(grandchild)).toBe(true);
    controller.abort();
    await expect(program.finished).rejects.toMatchObject({ code: 'ABORTED' });
    await expect.poll(() => runs(grandchild)).toBe(false);
  });

  it('ends the whole process group when it is disposed of', async () => {
    const { program, grandchild } = await startFamily(never);
    await program[Symbol.asyncDispose]();
    await expect.poll(() => runs(grandchild)).toBe(false);
  });

  it('ends a program that ignores SIGTERM', async () => {
    const program = startProgram(
      'sh',
      ['-c', 'trap "" TERM; echo up; while :; do sleep 1; done'],
      { env },
      never,
    );
    await once(program.output, 'data');
    program.output.resume();
    await program[Symbol.asyncDispose]();
    await expect(program.finished).rejects.toThrow('SIGKILL');
  });

  it('does not take for success what a program makes of its end', async () => {
    const controller = new AbortController();
    const script = 'trap "exit 0" TERM; echo up; while :; do sleep 0.1; done';
    const program = startProgram('sh', ['-c', script], { env }, controller.signal);
    await once(program.output, 'data');
    program.output.resume();
    controller.abort();
    await expect(program.finished).rejects.toMatchObject({ code: 'ABORTED' });
  });

  it('does not start what is cancelled already', async () => {
    await expect(runProgram('sleep', ['600'], { env }, AbortSignal.abort())).rejects.toMatchObject({
      code: 'ABORTED',
    });
  });
});
