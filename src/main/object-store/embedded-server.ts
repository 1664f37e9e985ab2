/** The process of the embedded store, as its parent sees it: starting it, and ending it. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { messageOf, SluiceError } from '#shared/errors.ts';
import type { Ready } from './embedded-child.ts';

const startMilliseconds = 30_000;
const stopMilliseconds = 5000;

/** An S3 server in a child process; disposing of it ends the process. */
export interface EmbeddedServer extends Ready, AsyncDisposable {
  /** Calls `listener` if the process ends before it is disposed of. */
  onDeath(listener: () => void): void;
}

const readySchema: z.ZodType<Ready> = z.object({
  endpoint: z.url(),
  bucket: z.string(),
  accessKeyId: z.string(),
});

/** Starts the child and waits until it can be used. @throws SluiceError PROCESS_FAILED */
export async function startEmbeddedServer(): Promise<EmbeddedServer> {
  // In Electron, fork starts the Electron binary as plain Node.js. Flags of this process are not for the child.
  const child = fork(childPath(), [], { execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  try {
    const ready = await readiness(child);
    letParentEnd(child);
    return {
      ...ready,
      onDeath: (listener) => child.once('exit', listener),
      [Symbol.asyncDispose]: () => stopChild(child),
    };
  } catch (error) {
    child.kill('SIGKILL');
    throw new SluiceError('PROCESS_FAILED', `the embedded store did not start: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** What the child says when it is ready; what it complained of when it ends instead. */
async function readiness(child: ChildProcess): Promise<Ready> {
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-2000);
  });
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), startMilliseconds);
  const waiting = { signal: deadline.signal };
  const ended = once(child, 'exit', waiting).then(() => {
    throw new Error(complaint.trim() || 'it ended at once');
  });
  try {
    const [message] = await Promise.race([once(child, 'message', waiting), ended]);
    return readySchema.parse(message);
  } finally {
    clearTimeout(timer);
    deadline.abort();
  }
}

/** The child must not keep its parent running; it ends by itself when the parent does. */
function letParentEnd(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
  if (child.stderr instanceof Socket) child.stderr.unref();
}

async function stopChild(child: ChildProcess): Promise<void> {
  child.removeAllListeners('exit');
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.ref();
  const ended = once(child, 'exit');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopMilliseconds);
  if (child.connected) child.disconnect();
  await ended;
  clearTimeout(timer);
}

/** Beside this file as source; in the build beside the entries, whose shared code may lie one folder below. */
function childPath(): string {
  const places = ['./embedded-child.ts', './embedded-child.js', '../embedded-child.js'];
  const paths = places.map((place) => fileURLToPath(new URL(place, import.meta.url)));
  const path = paths.find((candidate) => existsSync(candidate));
  if (path === undefined) throw new SluiceError('INVARIANT', 'embedded-child.js is missing from this build');
  return path;
}
