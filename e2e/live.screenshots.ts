/**
 * The Live view as it looks on a busy day: four repositories, quick and slow clients, a budget that is nearly full.
 * The load is real; nothing on the pictures is drawn for them.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { pacedClient, sluiceCommand } from './clients.ts';
import { test } from './fixtures.ts';
import { startHost } from './hosts.ts';
import { shoot } from './pictures.ts';

const execute = promisify(execFile);
const MiB = 2 ** 20;

const repositories = [
  { name: 'platform/monorepo', sizeMiB: 96 },
  { name: 'mobile/android', sizeMiB: 64 },
  { name: 'research/models', sizeMiB: 80 },
  { name: 'web/storefront', sizeMiB: 32 },
] as const;

/** MiB per second and, for those that ask for ranges, bytes per range. */
const clients = [
  { repository: 0, rate: 0.7 },
  { repository: 2, rate: 1.1 },
  { repository: 1, rate: 2.2 },
  { repository: 0, rate: 5, rangeBytes: 48 * MiB },
  { repository: 2, rate: 28, rangeBytes: 64 * MiB },
  { repository: 3, rate: 4, rangeBytes: 256 * 1024 },
] as const;

const loadMilliseconds = 100_000;

test('live', async ({ host, folder }) => {
  const flags = ['--port', '0', '--data-dir', join(folder, 'data'), '--no-demo', '--memory-budget', '192MiB'];
  const sizes = ['--chunk-size', '4MiB', '--window', '8', '--memory-cache', '32MiB', '--disk-cache', '0'];
  const sluice = await startHost(host, [...flags, ...sizes]);
  await sluice.resize(1280, 800);
  const urls: string[] = [];
  for (const repository of repositories) urls.push(await publish(sluice.url, folder, repository));

  const stopping = new AbortController();
  const running = clients.map(async ({ repository, rate, ...range }) => {
    const url = urls[repository] ?? '';
    const rangeBytes = 'rangeBytes' in range ? range.rangeBytes : undefined;
    const totalBytes = repositories[repository].sizeMiB * MiB;
    for (let start = 0; !stopping.signal.aborted; start += rangeBytes ?? 0) {
      const at = start % totalBytes;
      const headers = rangeBytes === undefined ? {} : { range: `bytes=${at}-${at + rangeBytes - 1}` };
      await pacedClient(url, headers, rate * MiB, stopping.signal);
    }
  });
  await sleep(loadMilliseconds);

  await shoot(sluice.page, 'live');
  stopping.abort();
  await Promise.all(running);
  await sluice.close();
});

async function publish(
  server: string,
  folder: string,
  { name, sizeMiB }: (typeof repositories)[number],
): Promise<string> {
  const repository = join(folder, name);
  await mkdir(repository, { recursive: true });
  const identity = ['-c', 'user.name=Sluice', '-c', 'user.email=sluice@example.com'];
  const git = (...arguments_: string[]) => execute('git', ['-C', repository, ...identity, ...arguments_]);
  await git('init', '--quiet');
  // An archive holds every file twice: in the work tree and in .git.
  await writeFile(join(repository, 'assets.bin'), randomBytes((sizeMiB / 2) * MiB));
  await git('add', '.');
  await git('commit', '--quiet', '--message=Assets');
  await sluiceCommand(server, ['snapshot', repository, '--as', `https://git.example.com/${name}`]);
  return `${server}/git/git.example.com/${name}/snapshot.tar.zst`;
}
