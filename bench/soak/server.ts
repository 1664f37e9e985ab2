/** The built Sluice under soak, as a process: what it writes to its log, and what the kernel says of it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readlink } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { end, type Server } from '../processes.ts';

export interface SoakedServer extends Server {
  /** Lines of its log, or of anything else on standard error, that no part of the soak explains. */
  readonly complaints: readonly string[];
}

const entry = new URL('../../out/main/cli.js', import.meta.url).pathname;
const warning = 40;

/** @throws when it ends before it listens */
export async function startSoakedServer(
  flags: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<SoakedServer> {
  const serve = [entry, 'serve', '--json', '--port', '0', '--no-demo', ...flags];
  const child = spawn(process.execPath, serve, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  const complaints: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (!isExpected(line)) complaints.push(line);
  });
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([once(lines, 'line'), once(child, 'exit').then(() => undefined)]);
  if (!first || child.pid === undefined)
    throw new Error(`Sluice ended before it listened:\n${complaints.join('\n')}`);
  const { url } = JSON.parse(String(first[0])) as { url: string };
  return { url, pid: child.pid, complaints, [Symbol.asyncDispose]: () => end(child) };
}

/** That revisions are replaced while they are read is what the soak is about. */
function isExpected(line: string): boolean {
  try {
    const { level, err } = JSON.parse(line) as {
      readonly level: number;
      readonly err?: { readonly code?: string };
    };
    return level < warning || err?.code === 'REVISION_CHANGED';
  } catch {
    return false; // Node's own complaints are no JSON.
  }
}

export interface Descriptors {
  readonly sockets: number;
  /** Files below its data folder: the disk cache keeps some open. */
  readonly cached: number;
  readonly others: number;
}

/** What its file descriptors are. */
export async function descriptorsOf({ pid }: Server, dataFolder: string): Promise<Descriptors> {
  const folder = `/proc/${pid}/fd`;
  const names = await readdir(folder);
  // One may be closed while we look.
  const targets = await Promise.all(
    names.map((name) => readlink(`${folder}/${name}`).catch(() => undefined)),
  );
  const count = (start: string): number => targets.filter((target) => target?.startsWith(start)).length;
  const [sockets, cached] = [count('socket:'), count(dataFolder)];
  return { sockets, cached, others: count('') - sockets - cached };
}
