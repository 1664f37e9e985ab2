import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFile, readdir } from 'node:fs/promises';
import { putObject, stalledClient } from './clients.ts';
import { expect, test } from './fixtures.ts';

test('on SIGTERM a transfer in progress is completed, and then nothing is left running', async ({
  sluice,
  folder,
}) => {
  const { url, bytes } = await putObject(sluice.url, folder, 'last.bin', 32 * 2 ** 20);
  const client = await stalledClient(url);
  const pid = sluice.process.pid ?? 0;
  const family = [pid, ...(await descendantsOf(pid))];
  expect(family.length).toBeGreaterThan(1);

  const exited = once(sluice.process, 'exit');
  sluice.process.kill('SIGTERM');
  expect(await client.finish()).toBe(createHash('sha256').update(bytes).digest('hex'));
  expect(await exited).toEqual([0, null]);
  await expect.poll(() => family.filter(isAlive)).toEqual([]);
});

/** From /proc: every process whose chain of parents leads to `pid`. */
async function descendantsOf(pid: number): Promise<readonly number[]> {
  const all = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const parents = await Promise.all(all.map(async (child) => [child, await parentOf(child)] as const));
  const family = new Set([pid]);
  // A child is younger than its parent, but numbers wrap around: repeat until nobody is added.
  for (let size = 0; size < family.size;) {
    size = family.size;
    for (const [child, parent] of parents) if (parent !== undefined && family.has(parent)) family.add(child);
  }
  family.delete(pid);
  return [...family];
}

async function parentOf(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const [, parent] = /^PPid:\s*(\d+)$/m.exec(status) ?? [];
  return parent === undefined ? undefined : Number(parent);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
