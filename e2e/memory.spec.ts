import type { Locator } from '@playwright/test';
import { curl, pacedClient, publishSnapshot, putObject, sha256, stalledClient, statsOf } from './clients.ts';
import { expect, limits, test } from './fixtures.ts';

const MiB = 2 ** 20;
const objectBytes = 48 * MiB;

async function numberOf(element: Locator, attribute: string): Promise<number> {
  return Number(await element.getAttribute(attribute));
}

test('a client that stops reading is said to be the bound, keeps next to nothing, and others go on', async ({
  sluice,
  page,
  folder,
}) => {
  const { url, bytes } = await putObject(sluice.url, folder, 'stuck.bin', objectBytes);
  const client = await stalledClient(url);

  const lane = page.getByTestId('lane').and(page.locator('[data-ended=false]'));
  await expect(lane).toHaveAttribute('data-diagnosis', 'client-bound');
  await expect(lane).toHaveAttribute('data-object', /stuck\.bin/);
  // Its read-ahead goes after a second. What stays is the chunk that the socket has, and the next if it has the end.
  await expect(lane).toHaveAttribute('data-window', '1');
  await expect.poll(() => numberOf(lane, 'data-held-bytes')).toBeLessThanOrEqual(2 * limits.chunkBytes);
  const pinned = page.getByTestId('budget-bar').locator('[data-state=pinned]');
  await expect.poll(() => numberOf(pinned, 'data-bytes')).toBeLessThanOrEqual(limits.chunkBytes);

  const other = await curl(folder, url, '--max-time', '60');
  expect(sha256(other.bytes)).toBe(sha256(bytes));

  expect(await client.finish()).toBe(sha256(bytes));
  await expect(lane).toHaveCount(0);
  // In the order in which they ended: the upload, the other, and the one that was stuck.
  const rows = page.getByTestId('request');
  await expect(rows).toHaveCount(3);
  await expect(rows.last()).toHaveAttribute('data-status', '200');
  await expect(rows.last()).toContainText('48 MiB');
});

test('a client that is slow, but reads, keeps its window', async ({ sluice, page, folder }) => {
  // Twice as much, so that it is read for as long as it is looked at.
  const { url } = await putObject(sluice.url, folder, 'slow.bin', 2 * objectBytes);
  const stopping = new AbortController();
  const reading = pacedClient(url, {}, 4 * MiB, stopping.signal);

  const lane = page.getByTestId('lane').and(page.locator('[data-ended=false]'));
  await expect(lane).toHaveCount(1);
  await expect.poll(() => numberOf(lane, 'data-window')).toBeGreaterThan(1);
  await expect.poll(() => numberOf(lane, 'data-held-bytes')).toBeGreaterThan(limits.chunkBytes);
  expect(await numberOf(lane, 'data-window')).toBeLessThanOrEqual(limits.window);
  await expect(lane.getByTestId('lane-facts')).toContainText(/window \d \/ 8/);
  stopping.abort();
  await reading;
});

test('a range of a snapshot is served at once while 32 stuck clients are connected', async ({
  sluice,
  page,
  folder,
}) => {
  const snapshot = await publishSnapshot(sluice.url, folder);
  const { url } = await putObject(sluice.url, folder, 'crowd.bin', objectBytes);
  const clients = await Promise.all(Array.from({ length: 32 }, () => stalledClient(url)));
  await expect(page.getByTestId('lanes-summary')).toContainText(/^32\b.* transfers/);
  await expect(page.getByTestId('lanes-summary')).toContainText('client-bound');

  const answer = await curl(folder, snapshot.url, '-r', '0-1023', '--max-time', '60');
  expect(answer.status).toBe(206);
  expect(answer.headers.get('x-cachew-snapshot-commit')).toBe(snapshot.commit);
  expect(answer.bytes.length).toBe(1024);
  expect((await statsOf(sluice.url)).memory.peak.bytes).toBeLessThanOrEqual(limits.budgetBytes);

  for (const client of clients) client.leave();
  await expect.poll(async () => (await statsOf(sluice.url)).transfers.active).toBe(0);
});
