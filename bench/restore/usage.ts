/**
 * What programs and everything they start take of memory and processor. Processes come and go, so a family is looked
 * at often: a process's high-water mark and its time are the kernel's own, as of when it was seen last, and the sum
 * of memory is the largest that was seen.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Programs by what they are called in the results, with their process ids. */
export type Watched = Readonly<Record<string, number>>;

export interface Usage {
  /** Of all together at one time: what is resident, and how much of that is no mapped file. */
  readonly peakRssBytes: number;
  readonly peakAnonymousBytes: number;
  readonly byProgram: ReadonlyMap<string, ProgramUsage>;
  /** Since the watch began. */
  readonly cpuSeconds: number;
}

/** Of all processes of one program. */
export interface ProgramUsage {
  /** High-water mark of the largest. */
  readonly highBytes: number;
  readonly cpuSeconds: number;
}

export interface Run {
  readonly seconds: number;
  readonly usage: Usage;
}

const everyMs = 25;

/**
 * Runs a program to its end; what it prints is dropped, unless it fails.
 * @throws with what it wrote to standard error
 */
export async function measuredRun(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Run> {
  // The shell's own account of its children, to the hundredth of a second.
  const script = '"$@" >&2; code=$?; times; exit $code';
  const startedAt = performance.now();
  const child = spawn('dash', ['-c', script, 'dash', command, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [times, errors] = ['', ''];
  child.stdout.on('data', (text: Buffer) => (times += text.toString()));
  child.stderr.on('data', (text: Buffer) => (errors = (errors + text.toString()).slice(-4000)));
  const ended = once(child, 'close') as Promise<[number | null]>;
  const watch = watchUsage({ program: child.pid ?? 0 });
  const [code] = await ended;
  const seconds = (performance.now() - startedAt) / 1000;
  const usage = await watch.end();
  if (code !== 0) throw new Error(`${command} ended with ${code}:\n${errors}`);
  return { seconds, usage: { ...usage, cpuSeconds: childrenSeconds(times) } };
}

/** The second line of `times`: `0m1.230s 0m0.450s`, of the children. */
function childrenSeconds(times: string): number {
  const [, children = ''] = times.split('\n');
  return [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds),
    0,
  );
}

/** Looks at these programs and their descendants until told to end. */
export function watchUsage(watched: Watched): { end(): Promise<Usage> } {
  const stop = new AbortController();
  const sums = new Sums();
  const look = async (): Promise<void> =>
    sums.add((await Promise.all(Object.values(watched).map(family))).flat());
  const looking = (async () => {
    while (!stop.signal.aborted) {
      await look();
      await sleep(everyMs, undefined, { signal: stop.signal }).catch(() => undefined);
    }
    await look();
  })();
  return {
    end: async () => {
      stop.abort();
      await looking;
      return sums.usage;
    },
  };
}

/** What was seen so far. */
class Sums {
  #isFirst = true;
  #peakRssBytes = 0;
  #peakAnonymousBytes = 0;
  /** As each process was seen last, and its seconds of processor when it was seen first. */
  readonly #processes = new Map<number, ProcessNow & { readonly fromSeconds: number }>();

  add(processes: readonly ProcessNow[]): void {
    for (const process of processes) {
      const before = this.#processes.get(process.pid);
      const fromSeconds = before?.fromSeconds ?? (this.#isFirst ? process.cpuSeconds : 0);
      // One that is just ending has no name and no memory any more.
      const { name, highBytes } = process.name === '' && before ? before : process;
      this.#processes.set(process.pid, { ...process, name, highBytes, fromSeconds });
    }
    const sum = (of: 'rssBytes' | 'anonymousBytes'): number =>
      processes.reduce((total, process) => total + process[of], 0);
    this.#peakRssBytes = Math.max(this.#peakRssBytes, sum('rssBytes'));
    this.#peakAnonymousBytes = Math.max(this.#peakAnonymousBytes, sum('anonymousBytes'));
    this.#isFirst = false;
  }

  get usage(): Usage {
    const byProgram = new Map<string, ProgramUsage>();
    let cpuSeconds = 0;
    for (const { name, highBytes, cpuSeconds: toSeconds, fromSeconds } of this.#processes.values()) {
      const before = byProgram.get(name) ?? { highBytes: 0, cpuSeconds: 0 };
      const seconds = toSeconds - fromSeconds;
      cpuSeconds += seconds;
      byProgram.set(name, {
        highBytes: Math.max(before.highBytes, highBytes),
        cpuSeconds: before.cpuSeconds + seconds,
      });
    }
    return {
      peakRssBytes: this.#peakRssBytes,
      peakAnonymousBytes: this.#peakAnonymousBytes,
      byProgram,
      cpuSeconds,
    };
  }
}

interface ProcessNow {
  readonly pid: number;
  readonly name: string;
  readonly rssBytes: number;
  readonly anonymousBytes: number;
  readonly highBytes: number;
  /** Its own. */
  readonly cpuSeconds: number;
}

/** A process and its descendants; whoever ends meanwhile is left out. */
async function family(pid: number): Promise<readonly ProcessNow[]> {
  const now = await processNow(pid).catch(() => undefined);
  if (!now) return [];
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const children = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => '')),
  );
  const pids = children.join(' ').split(' ').filter(Boolean).map(Number);
  return [now, ...(await Promise.all(pids.map(family))).flat()];
}

async function processNow(pid: number): Promise<ProcessNow> {
  const [status, fields, commandLine] = await Promise.all([
    readFile(`/proc/${pid}/status`, 'utf8'),
    readFile(`/proc/${pid}/stat`, 'utf8').then((text) => text.replace(/^.*\) /s, '').split(' ')),
    readFile(`/proc/${pid}/cmdline`, 'utf8').then((text) => text.split('\0')),
  ]);
  const bytes = (field: string): number =>
    Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0) * 1024;
  return {
    pid,
    name: nameOf(commandLine),
    rssBytes: bytes('VmRSS'),
    anonymousBytes: bytes('RssAnon'),
    highBytes: bytes('VmHWM'),
    cpuSeconds: fields.slice(11, 13).reduce((sum, ticks) => sum + Number(ticks), 0) / 100,
  };
}

/** `git index-pack`, `tar`, `node`: the program and, for git, which of its commands. */
function nameOf([command = '', ...args]: readonly string[]): string {
  // nginx and others write what they are doing over their command line.
  const name = basename(command.split(': ')[0] ?? '').replace(/^git-/, 'git ');
  return name === 'git' ? `git ${args.find((arg) => /^[a-z][a-z-]+$/.test(arg)) ?? ''}`.trim() : name;
}
