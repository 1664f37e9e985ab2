import { expect, it } from 'vitest';
import { startTestServer } from '#main/app.fixture.ts';
import { MiB } from '#shared/units.ts';

it('Who has waited a second for a place is refused before any header.', async () => {
  // The smallest budget has places for 32 transfers.
  await using server = await startTestServer({ memoryBudgetBytes: 32 * MiB, memoryCacheBytes: 8 * MiB });
  const path = await server.put('large', new Uint8Array(24 * MiB));
  const places = (await server.metrics()).get('sluice_transfers_max') ?? 0;
  expect(places).toBe(32);
  const stalled = await Promise.all(Array.from({ length: places }, () => server.connect()));
  for (const client of stalled) client.request(`GET ${path}`);
  await expect.poll(async () => (await server.metrics()).get('sluice_transfers')).toBe(places);

  const refused = await server.get(path, { range: 'bytes=0-9' });
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(refused.headers.get('etag')).toBeNull();
  expect(await refused.json()).toMatchObject({ error: 'BUSY' });

  stalled[0]?.[Symbol.dispose]();
  // Its place is free once the server has seen that it has gone.
  await expect.poll(async () => (await server.metrics()).get('sluice_transfers')).toBe(places - 1);
  const admitted = await server.get(path, { range: 'bytes=0-9' });
  expect(admitted.status).toBe(206);
  expect((await admitted.arrayBuffer()).byteLength).toBe(10);
  for (const client of stalled.slice(1)) client[Symbol.dispose]();
  await expect.poll(async () => (await server.metrics()).get('sluice_transfers')).toBe(0);
});
