/** Why all of it is there: somebody who was not there opens a bundle, and finds out. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Locator } from '@playwright/test';
import { putObject, sluiceCommand, stalledClient, statsOf } from './clients.ts';
import { expect, test } from './fixtures.ts';
import { root } from '../scripts/process.ts';
import { commandLine } from './hosts.ts';
import { threeBlocks } from './playback.ts';

const MiB = 2 ** 20;

test('from a bundle alone: the moment the memory grew, the client, the object and the function', async ({
  sluice,
  page,
  folder,
}) => {
  // From the end to when it began it goes step by step.
  test.setTimeout(240_000);
  // It happens: a client takes nothing of an object, and whoever is on call makes a bundle, with the heap profile of
  // the service that asked for it.
  const { url } = await putObject(sluice.url, folder, 'monorepo.tar.zst', 48 * MiB);
  await putObject(sluice.url, folder, 'small.bin', MiB);
  const heldBytes = async (): Promise<number> => {
    const { byState } = (await statsOf(sluice.url)).memory;
    return (byState['held'] ?? 0) + (byState['pinned'] ?? 0);
  };
  await expect.poll(heldBytes).toBe(0);
  // So that the recording has a time before, and a time of it.
  await threeBlocks(folder);
  const client = await stalledClient(url);
  // What is read ahead goes after a second; what the socket has stays.
  await expect.poll(heldBytes).toBeGreaterThan(0);
  await threeBlocks(folder);
  const profile = join(root, 'src/main/profiling/fixtures/incident.pb.gz');
  const bundle = join(folder, 'incident.tar.gz');
  await sluiceCommand(sluice.url, [
    'incident',
    '-o',
    bundle,
    '--profile',
    profile,
    '--note',
    'slow since 4.2',
  ]);
  client.leave();
  sluice.process.kill('SIGTERM');

  // Later, elsewhere.
  const opened = await openBundle(bundle);
  try {
    await page.goto(opened.address);
    await expect(page.getByTestId('player')).toContainText('Incident');
    // A page that begins at the address of a bundle has it brought again.
    await page.reload();
    await expect(page.getByTestId('player')).toContainText('Incident');
    const time = page.getByTestId('recording-time');
    const scrubber = page.getByTestId('scrubber');
    const [begin, end] = [
      await numberOf(scrubber, 'aria-valuemin'),
      await numberOf(scrubber, 'aria-valuemax'),
    ];
    const ledgerBytes = async () => numberOf(page.getByTestId('tank'), 'data-ledger-bytes');
    await scrubber.focus();
    await page.keyboard.press('Home');
    await expect(time).toHaveAttribute('data-at', String(begin));
    await expect(page.getByTestId('lane')).toHaveCount(0);
    const before = await ledgerBytes();
    await page.keyboard.press('End');
    await expect(time).toHaveAttribute('data-at', String(end));
    await expect(page.getByTestId('lane')).toContainText('e2e/monorepo.tar.zst');
    await expect.poll(ledgerBytes).toBeGreaterThan(before);
    // Back, step by step, to when it began.
    await expect(async () => {
      await page.keyboard.press('ArrowLeft');
      await expect(page.getByTestId('lane')).toHaveCount(0, { timeout: 200 });
    }).toPass({ intervals: [0] });
    const began = await numberOf(time, 'data-at');
    expect(began).toBeLessThan(end);

    await page.keyboard.press('End');
    await page.getByRole('link', { name: 'Heap', exact: true }).click();
    await expect(page.getByTestId('owners-sentence')).toContainText(
      /^127\.0\.0\.1 holds \d+ % of the ledger, [\d.]+ MiB of e2e\/monorepo\.tar\.zst/,
    );
    await page.getByRole('tab', { name: 'Profiles' }).click();
    await page.getByTestId('heap').getByText('incident.pb.gz').first().click();
    await expect(page.getByTestId('heap')).toContainText(
      /\(\*S3\)\.parallelGet\.func1 holds 86 % of inuse_space/,
    );
  } finally {
    opened.process.kill('SIGTERM');
    await once(opened.process, 'exit');
  }
});

async function openBundle(
  path: string,
): Promise<{ readonly address: string; readonly process: ChildProcess }> {
  const arguments_ = [commandLine, 'open', path, '--no-browser', '--json'];
  const process_ = spawn(process.execPath, arguments_, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface(process_.stdout), 'line')) as [string];
  return { address: (JSON.parse(line) as { console: string }).console, process: process_ };
}

async function numberOf(locator: Locator, attribute: string): Promise<number> {
  return Number(await locator.getAttribute(attribute));
}
