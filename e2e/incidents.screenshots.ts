/** The Incidents view after a bad quarter of an hour: a client that takes nothing, and what was kept of it. */
import { stalledClient } from './clients.ts';
import { expect, test } from './fixtures.ts';
import { startHost } from './hosts.ts';
import { shoot } from './pictures.ts';

const MiB = 2 ** 20;

test('incidents', async ({ host, folder }) => {
  test.setTimeout(180_000);
  const sluice = await startHost(host, [
    '--port',
    '0',
    '--data-dir',
    `${folder}/data`,
    '--no-demo',
    '--memory-budget',
    '192MiB',
    '--alert-webhook',
    'https://hooks.example/on-call',
  ]);
  const { page, url } = sluice;
  await sluice.resize(1280, 800);
  const object = `${url}/api/v1/object/models/weights.tar.zst`;
  await fetch(object, { method: 'POST', body: new Uint8Array(Buffer.alloc(96 * MiB, 'weights')) });
  const post = (path: string, body: object) =>
    fetch(`${url}/api/v1/recordings${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });
  await post('/start', { name: 'Load test', note: 'Client 4.2 against two mirrors' });
  await post('/mark', { note: 'Client 4.2 is out' });
  const client = await stalledClient(object);
  for (let at = 0; at < 8; at += 1)
    await (await fetch(object, { headers: { range: 'bytes=999999999-' } })).arrayBuffer();
  await page.evaluate(() => {
    location.hash = '#/incidents';
  });
  await expect(page.getByTestId('recording')).toHaveCount(0);
  await page.evaluate(() => {
    location.hash = '#/incidents/alerts';
  });
  await expect(page.getByTestId('alert').filter({ hasText: 'takes nothing' })).toBeVisible({
    timeout: 30_000,
  });
  await post('/stop', {});
  await post('', { lastMs: 300_000, name: 'Slow again', note: 'Asked for by the on-call' });
  await post('/mark', { note: 'The client is told to stop' });
  await page.evaluate(() => {
    location.hash = '#/incidents';
  });
  // The alerts save what they were about half a minute after they fired.
  await expect(page.locator('[data-testid=recording][data-origin=alert]')).toHaveCount(2, {
    timeout: 60_000,
  });
  await page.locator('[data-testid=recording][data-origin=manual]').click();
  await expect(page.getByTestId('moment').first()).toBeVisible();
  await shoot(page, 'incidents');
  await page.evaluate(() => {
    location.hash = '#/incidents/alerts';
  });
  await expect(page.getByTestId('rule')).toHaveCount(7);
  await shoot(page, 'alerts');
  client.leave();
  await sluice.close();
});
