/** A process of an experiment, as the one that started it sees it. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ReaderOutcome } from '#shared/experiment/outcome.ts';
import { messageOf, SluiceError } from '#shared/errors.ts';
import type { ChildTask } from './experiment-child.ts';
import type { ServerTask } from './server-task.ts';
import type { ChildFigures, ChildMessage } from './messages.ts';
import { readProcess } from './process-figures.ts';

/** What is started: the process of a role here, or a real Sluice. */
export type Task = ChildTask | ({ readonly role: 'sluice' } & ServerTask);

const startMs = 30_000;

const noFigures: ChildFigures = { rssBytes: 0, cpuMs: 0, bodyBytes: 0, peakBodyBytes: 0 };

/** Disposing of it ends the process at once: nothing that it has is worth keeping. */
export class Child implements AsyncDisposable {
  /** Where it listens, if it does. */
  readonly url: string;
  readonly #process: ChildProcess;
  #reported = noFigures;
  #readers: readonly ReaderOutcome[] = [];

  constructor(child: ChildProcess, url: string) {
    this.#process = child;
    this.url = url;
    child.on('message', (message) => this.#hear(message as ChildMessage));
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  get hasEnded(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  /** What it takes now: as the system says it, else as it said itself last. */
  figures(): ChildFigures {
    return { ...this.#reported, ...readProcess(this.pid) };
  }

  /** What its readers have said last. */
  get readers(): readonly ReaderOutcome[] {
    return this.#readers;
  }

  /** Has readers begin to read what is at `url`. */
  begin(url: string): void {
    this.#process.send(url);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.hasEnded) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
  }

  #hear(message: ChildMessage): void {
    if (message.kind === 'figures') this.#reported = message.figures;
    if (message.kind === 'readers') this.#readers = message.readers;
  }
}

/** Starts a process and waits until it is ready. @throws SluiceError PROCESS_FAILED, or ABORTED by `signal` */
export async function startChild(task: Task, signal: AbortSignal): Promise<Child> {
  const { path, name } = programOf(task);
  // In Electron, fork starts the Electron binary as plain Node.js. Flags of this process are not for the child.
  const child = fork(path, [JSON.stringify(task)], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  try {
    return new Child(child, await readiness(child, signal));
  } catch (error) {
    child.kill('SIGKILL');
    if (signal.aborted) throw new SluiceError('ABORTED', 'the experiment was stopped', { cause: error });
    throw new SluiceError(
      'PROCESS_FAILED',
      `the ${name} of the experiment did not start: ${messageOf(error)}`,
      {
        cause: error,
      },
    );
  }
}

async function readiness(child: ChildProcess, signal: AbortSignal): Promise<string> {
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-2000);
  });
  const settled = new AbortController();
  const waiting = { signal: AbortSignal.any([settled.signal, signal, AbortSignal.timeout(startMs)]) };
  const ended = once(child, 'exit', waiting).then(() => {
    throw new Error(complaint.trim() || 'it ended at once');
  });
  const ready = once(child, 'message', waiting).then(([message]) => {
    const { kind, ...rest } = message as ChildMessage;
    if (kind !== 'ready' || !('url' in rest)) throw new Error('it said something else first');
    return rest.url;
  });
  try {
    return await Promise.race([ready, ended]);
  } finally {
    settled.abort();
    // Whichever of the two did not win the race has been let go.
    await Promise.allSettled([ready, ended]);
  }
}

interface Program {
  readonly name: string;
  readonly path: string;
}

function programOf({ role }: Task): Program {
  const names = { origin: 'store', fetcher: 'fetcher', readers: 'readers', sluice: 'server' } as const;
  const file = role === 'sluice' ? 'experiment-server' : 'experiment-child';
  // As source: beside this file, or with the command line. In the build: beside the entries, whose shared code may
  // lie one folder below.
  const places = [`./${file}.ts`, `../cli/${file}.ts`, `./${file}.js`, `../${file}.js`];
  const paths = places.map((place) => fileURLToPath(new URL(place, import.meta.url)));
  const path = paths.find((candidate) => existsSync(candidate));
  if (path === undefined) throw new SluiceError('INVARIANT', `${file}.js is missing from this build`);
  return { name: names[role], path };
}
