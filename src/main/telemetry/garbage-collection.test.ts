import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { GarbageCollection } from './garbage-collection.ts';

it('counts the pauses for the collection of garbage, and none after it has ended', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const garbage = new GarbageCollection();
  expect(garbage.total).toEqual({ count: 0, totalMs: 0 });
  collect();
  await expect.poll(() => garbage.total.count).toBeGreaterThan(0);
  expect(garbage.total.totalMs).toBeGreaterThan(0);
  garbage[Symbol.dispose]();
  const { count } = garbage.total;
  collect();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(garbage.total.count).toBe(count);
});
