/**
 * A server in a process of its own, so that a test can kill it. Run as a program, this file is that server: as
 * `sluice serve` starts it, but with times that no flag has.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import type { FlagValues } from './config/load.ts';
import { openSettings } from './config/settings-source.ts';
import type { LeaseTimes } from './snapshots/lease.ts';

interface Options {
  readonly flags: FlagValues;
  readonly lease: LeaseTimes;
}

interface Surroundings {
  /** Beside what this process has. */
  readonly env?: Readonly<Record<string, string>>;
  /** No file may be larger: stands for a disk that takes no more. In blocks of 512 bytes. */
  readonly fileLimitBlocks?: number;
}

export interface ServerProcess extends AsyncDisposable {
  readonly url: string;
  /** Ends it as a power cut would: nothing is tidied up. */
  kill(): Promise<void>;
}

/** Starts it on a free port of loopback, without the demo. @throws with what it said when it did not start */
export async function startServerProcess({
  flags,
  lease,
  env = {},
  fileLimitBlocks,
}: Options & Surroundings): Promise<ServerProcess> {
  const options: Options = { flags: { port: '0', demo: false, ...flags }, lease };
  const limit = fileLimitBlocks === undefined ? '' : `ulimit -f ${fileLimitBlocks}; `;
  const command = [process.execPath, fileURLToPath(import.meta.url), JSON.stringify(options)];
  // Only a shell can set limits.
  const child = spawn('sh', ['-c', `${limit}exec "$0" "$@"`, ...command], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let complaints = '';
  child.stderr.on('data', (text: Buffer) => (complaints = (complaints + text.toString()).slice(-4000)));
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([once(lines, 'line'), once(child, 'exit').then(() => undefined)]);
  if (!first) throw new Error(`a server did not start:\n${complaints}`);
  return {
    url: String(first[0]),
    kill: () => end(child, 'SIGKILL'),
    [Symbol.asyncDispose]: () => end(child, 'SIGTERM'),
  };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
}

if (import.meta.main) {
  const { flags, lease } = JSON.parse(process.argv[2] ?? '') as Options;
  const { startSluice } = await import('./app.ts');
  const settings = openSettings({ flags, env: {} });
  const log = pino({ level: 'warn' }, pino.destination(2));
  const app = await startSluice({ settings, host: 'headless', consoleDir: '/none', log, times: { lease } });
  process.once('SIGTERM', () => void app[Symbol.asyncDispose]());
  process.stdout.write(`${app.url}\n`);
}
