import { createHash } from 'node:crypto';
import { curl, publishSnapshot, putObject, stalledClient, statsOf } from './clients.ts';
import { expect, limits, test } from './fixtures.ts';

const MiB = 2 ** 20;
const objectBytes = 48 * MiB;

test('a client that stops reading fills its window, and the lane says that it waits for the client', async ({
  sluice,
  page,
  folder,
}) => {
  const { url, bytes } = await putObject(sluice.url, folder, 'slow.bin', objectBytes);
  const client = await stalledClient(url);

  const lane = page.getByTestId('lane').and(page.locator('[data-ended=false]'));
  await expect(lane).toHaveCount(1);
  await expect(lane).toHaveAttribute('data-object', /slow\.bin|e2e/);
  await expect(lane).toHaveAttribute('data-diagnosis', 'client-bound');
  const held = async () => Number(await lane.getAttribute('data-held-bytes'));
  await expect.poll(held).toBeGreaterThanOrEqual((limits.window - 1) * limits.chunkBytes);
  expect(await held()).toBeLessThanOrEqual(limits.window * limits.chunkBytes);

  expect(await client.finish()).toBe(createHash('sha256').update(bytes).digest('hex'));
  await expect(lane).toHaveCount(0);
  const row = page.getByTestId('request').filter({ hasText: 'GET' });
  await expect(row).toHaveAttribute('data-status', '200');
  await expect(row).toContainText('48 MiB');
});

test('whatever the number of slow clients, the ledger stops at the budget', async ({
  sluice,
  page,
  folder,
}) => {
  const { url } = await putObject(sluice.url, folder, 'many.bin', objectBytes);
  const clients = await Promise.all(Array.from({ length: 16 }, () => stalledClient(url)));

  // 16 windows of 8 MiB want twice the budget; whoever cannot have a chunk waits for one.
  await expect.poll(async () => (await statsOf(sluice.url)).transfers.waiting).toBeGreaterThan(0);
  await expect(page.getByTestId('lanes-summary')).toContainText(/^16\b.* transfers/);
  await expect(page.getByTestId('promise')).toHaveAttribute('data-kept', 'true');

  const { memory } = await statsOf(sluice.url);
  expect(memory.budgetBytes).toBe(limits.budgetBytes);
  expect(memory.inUseBytes).toBeGreaterThan(limits.budgetBytes / 2);
  expect(memory.peak.bytes).toBeLessThanOrEqual(limits.budgetBytes);
  const tank = page.getByTestId('tank');
  expect(Number(await tank.getAttribute('data-peak-bytes'))).toBeLessThanOrEqual(limits.budgetBytes);

  for (const client of clients) client.leave();
  await expect.poll(async () => (await statsOf(sluice.url)).transfers.active).toBe(0);
});

test('a range of a snapshot is served at once while 32 slow clients are connected', async ({
  sluice,
  folder,
}) => {
  const snapshot = await publishSnapshot(sluice.url, folder);
  const { url } = await putObject(sluice.url, folder, 'crowd.bin', objectBytes);
  const clients = await Promise.all(Array.from({ length: 32 }, () => stalledClient(url)));
  await expect.poll(async () => (await statsOf(sluice.url)).transfers.waiting).toBeGreaterThan(0);

  const answer = await curl(folder, snapshot.url, '-r', '0-1023', '--max-time', '20');
  expect(answer.status).toBe(206);
  expect(answer.headers.get('x-cachew-snapshot-commit')).toBe(snapshot.commit);
  expect(answer.bytes.length).toBe(1024);
  expect((await statsOf(sluice.url)).memory.peak.bytes).toBeLessThanOrEqual(limits.budgetBytes);

  for (const client of clients) client.leave();
});
