/** A recording of an incident: readers that keep up, and then one that takes nothing. */
import { setTimeout as sleep } from 'node:timers/promises';
import { putObject, stalledClient } from './clients.ts';
import { expect, test } from './fixtures.ts';
import { startHost } from './hosts.ts';
import { shoot } from './pictures.ts';
import { ask, variousRequests } from './requests.ts';

const MiB = 2 ** 20;

test('playback', async ({ host, folder }) => {
  const sizes = [
    '--memory-budget',
    '96MiB',
    '--memory-cache',
    '16MiB',
    '--chunk-size',
    '2MiB',
    '--window',
    '8',
  ];
  const sluice = await startHost(host, ['--port', '0', '--data-dir', folder, '--no-demo', ...sizes]);
  await sluice.resize(1280, 800);
  const { page, url } = sluice;
  const weights = await putObject(url, folder, 'weights.bin', 96 * MiB);
  const installer = await putObject(url, folder, 'installer.bin', 24 * MiB);
  for (let times = 0; times < 6; times += 1) {
    await ask(installer.url);
    await sleep(2500);
  }
  await variousRequests(installer);
  await post(`${url}/api/v1/recordings/mark`, { note: 'client 4.2 is out' });
  await sleep(4000);
  const clients = [];
  for (let count = 0; count < 4; count += 1) {
    clients.push(await stalledClient(weights.url));
    await sleep(3000);
    await ask(installer.url, { range: 'bytes=0-4194303' });
  }
  await sleep(9000);
  const saved = await post(`${url}/api/v1/recordings`, { name: 'Slow since 4.2', note: 'since the deploy' });
  const { id, lastAt } = (await saved.json()) as { id: string; lastAt: number };
  for (const client of clients) client.leave();
  await page.evaluate((hash) => (location.hash = hash), `#/live?recording=${id}&at=${lastAt - 6000}&span=1m`);
  await expect(page.getByTestId('player')).toBeVisible();
  await expect(page.getByTestId('lane')).toHaveCount(4);
  await shoot(page, 'playback');
  await sluice.close();
});

function post(url: string, input: object): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    body: JSON.stringify(input),
    headers: { 'content-type': 'application/json' },
  });
}
