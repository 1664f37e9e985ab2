/** The programs that a benchmark measures run as processes of their own, and are ended by it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';

export interface Server extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
}

/** The built command line. */
export const sluiceEntry = new URL('../out/main/cli.js', import.meta.url).pathname;

/** What S3 servers that check nothing want to see. */
export const anyCredentials = { AWS_ACCESS_KEY_ID: 'bench', AWS_SECRET_ACCESS_KEY: 'bench' } as const;

/** The flags of `serve` for the bucket `bench` at `endpoint`. */
export function bucketFlags(endpoint: string): readonly string[] {
  const place = ['--store', 's3://bench', '--s3-endpoint', endpoint, '--s3-path-style'];
  return [...place, '--s3-region', 'us-east-1'];
}

/** A built Sluice, headless, on a free port of loopback; `nodeFlags` are for Node itself. */
export function startSluiceServer(
  flags: readonly string[],
  env: NodeJS.ProcessEnv = {},
  nodeFlags: readonly string[] = [],
): Promise<Server> {
  const serve = ['serve', '--json', '--port', '0', '--no-demo'];
  return startServer(process.execPath, [...nodeFlags, sluiceEntry, ...serve, ...flags], env);
}

/** A program whose first line of output is a JSON object with its `url`. */
export async function startServer(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Server> {
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([once(lines, 'line'), once(child, 'exit').then(() => undefined)]);
  if (!first || child.pid === undefined)
    throw new Error(`${command} ${args.join(' ')} ended before it listened`);
  const { url } = JSON.parse(String(first[0])) as { url: string };
  return { url, pid: child.pid, [Symbol.asyncDispose]: () => end(child) };
}

export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

/** Runs a program to its end and gives what it printed. */
export async function run(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<string> {
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  let output = '';
  child.stdout.on('data', (text: Buffer) => (output += text.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}`);
  return output;
}

export interface ProcessFigures {
  readonly rssBytes: number;
  readonly peakRssBytes: number;
  readonly cpuSeconds: number;
}

/** What the kernel says of a process (Linux). */
export async function figuresOf(pid: number): Promise<ProcessFigures> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const kilobytes = (field: string): number =>
    Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/^.*\) /s, '').split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return {
    rssBytes: kilobytes('VmRSS') * 1024,
    peakRssBytes: kilobytes('VmHWM') * 1024,
    cpuSeconds: ticks / 100,
  };
}
