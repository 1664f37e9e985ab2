/** Clients of a running Sluice: its own command line, curl, and one that does not read. */
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { commandLine } from './hosts.ts';

const execute = promisify(execFile);

/** Runs `sluice …` against the server at `url`; gives what it prints. @throws when it fails */
export async function sluiceCommand(url: string, arguments_: readonly string[]): Promise<string> {
  const { stdout } = await execute(process.execPath, [commandLine, ...arguments_, '--server', url]);
  return stdout;
}

export interface PublishedObject {
  readonly url: string;
  readonly bytes: Buffer;
}

/** Stores random bytes under `namespace/key`. */
export async function putObject(
  server: string,
  folder: string,
  key: string,
  sizeBytes: number,
): Promise<PublishedObject> {
  const bytes = randomBytes(sizeBytes);
  const file = join(folder, key);
  await writeFile(file, bytes);
  await sluiceCommand(server, ['put', 'e2e', key, file]);
  return { url: `${server}/api/v1/object/e2e/${key}`, bytes };
}

export interface PublishedSnapshot {
  readonly url: string;
  readonly path: string;
  readonly commit: string;
}

/** Makes a small git repository and publishes its snapshot. */
export async function publishSnapshot(server: string, folder: string): Promise<PublishedSnapshot> {
  const repository = join(folder, 'repository');
  await mkdir(repository);
  const identity = ['-c', 'user.name=Sluice', '-c', 'user.email=sluice@example.com'];
  const git = async (...arguments_: string[]) =>
    (await execute('git', ['-C', repository, ...identity, ...arguments_])).stdout.trim();
  await git('init', '--quiet', '--initial-branch=main');
  await writeFile(join(repository, 'data.bin'), randomBytes(256 * 1024));
  await git('add', '.');
  await git('commit', '--quiet', '--message=Something to serve');
  await sluiceCommand(server, ['snapshot', repository, '--as', 'https://git.example.com/team/project']);
  const path = '/git/git.example.com/team/project/snapshot.tar.zst';
  return { url: server + path, path, commit: await git('rev-parse', 'HEAD') };
}

export interface CurlAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
}

/** Fetches `url` with curl, as users do. */
export async function curl(folder: string, url: string, ...flags: readonly string[]): Promise<CurlAnswer> {
  const file = join(folder, `curl-${randomBytes(6).toString('hex')}`);
  const { stdout } = await execute('curl', ['-sS', '-D', '-', '-o', file, ...flags, url]);
  const [statusLine = '', ...fields] = stdout.trim().split('\r\n');
  const pairs = fields.map((field) => {
    const colon = field.indexOf(':');
    return [field.slice(0, colon), field.slice(colon + 1).trim()] as const;
  });
  return {
    status: Number(statusLine.split(' ')[1]),
    headers: new Headers(pairs as [string, string][]),
    bytes: await readFile(file),
  };
}

/** A client that has the header of its answer and then reads nothing until it is told to. */
export interface StalledClient {
  /** Reads the rest; gives the SHA-256 of the whole body in hex. */
  finish(): Promise<string>;
  /** Goes away without reading. */
  leave(): void;
}

export async function stalledClient(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<StalledClient> {
  const request = get(url, { agent: false, headers });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  // Node reads ahead a little; from then on the kernel's buffers fill, and then the server waits.
  response.pause();
  response.on('error', () => undefined);
  return {
    finish: async () => {
      const hash = createHash('sha256');
      for await (const chunk of response) hash.update(chunk as Buffer);
      if (!response.complete) throw new Error('the answer was cut off');
      return hash.digest('hex');
    },
    leave: () => void response.destroy(),
  };
}

export interface Stats {
  readonly memory: {
    readonly budgetBytes: number;
    readonly ledgerBytes: number;
    readonly inUseBytes: number;
    readonly peak: { readonly bytes: number };
    readonly byState: Readonly<Record<string, number>>;
  };
  readonly transfers: { readonly active: number; readonly max: number; readonly waiting: number };
}

/** What the server says about itself. */
export async function statsOf(server: string): Promise<Stats> {
  const response = await fetch(`${server}/api/v1/stats`);
  return (await response.json()) as Stats;
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * Reads one answer at a steady pace, as a client of `address`, of which all of 127.0.0.0/8 are this machine's. Ends
 * early, without complaint, when `signal` aborts.
 */
export async function pacedClient(
  url: string,
  headers: Readonly<Record<string, string>>,
  bytesPerSecond: number,
  signal: AbortSignal,
  address = '127.0.0.1',
): Promise<void> {
  const request = get(url, { agent: false, headers, signal, localAddress: address });
  try {
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const startedAt = performance.now();
    let bytes = 0;
    for await (const chunk of response) {
      bytes += (chunk as Buffer).length;
      const aheadMilliseconds = (bytes / bytesPerSecond) * 1000 - (performance.now() - startedAt);
      if (aheadMilliseconds > 20) await sleep(aheadMilliseconds, undefined, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
