/** A virtual display, so that windows open where nobody is disturbed and every run has the same size and depth. */
import { spawn } from 'node:child_process';

export interface Display extends AsyncDisposable {
  /** For `DISPLAY`. */
  readonly name: string;
}

/** Starts Xvfb on a display number that is free. It ends when disposed of. */
export async function startDisplay(): Promise<Display> {
  const options = ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp'];
  const server = spawn('Xvfb', options, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const exited = new Promise<never>((_resolve, reject) => {
    server.once('error', () =>
      reject(new Error('Xvfb could not be started: is the package xvfb installed?')),
    );
    server.once('exit', (code) => reject(new Error(`Xvfb ended (exit code ${code})`)));
  });
  exited.catch(() => undefined);
  const number = new Promise<string>((resolve) => {
    server.stdio[3]?.once('data', (text: Buffer) => resolve(text.toString().trim()));
  });
  const name = `:${await Promise.race([number, exited])}`;
  return {
    name,
    [Symbol.asyncDispose]: async () => {
      server.kill();
      await exited.catch(() => undefined);
    },
  };
}
