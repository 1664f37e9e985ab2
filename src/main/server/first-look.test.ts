import { expect, it } from 'vitest';
import { startTestServer } from '#main/app.fixture.ts';
import { MiB } from '#shared/units.ts';
import { patient } from './faults/world.fixture.ts';

it.each([
  ['a small object', 1000],
  ['a large one', 3 * MiB],
])('a small range of %s that is not known takes one request to the store', async (_, length) => {
  await using server = await startTestServer({ store: 'embedded', chunkBytes: MiB }, patient);
  const path = await server.put('object', new Uint8Array(length).fill(7));
  const answer = await server.get(path, { range: 'bytes=100-299' });
  expect(answer.status).toBe(206);
  expect(new Uint8Array(await answer.arrayBuffer())).toEqual(new Uint8Array(200).fill(7));
  expect((await server.metrics()).get('sluice_store_attempts_total')).toBe(1);
});
