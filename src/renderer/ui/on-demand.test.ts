import { expect, it } from 'vitest';
import { OnDemand } from './on-demand.ts';

it('loads a part once, and again only when it did not come', async () => {
  let asked = 0;
  const demand = new OnDemand(async () => {
    asked += 1;
    if (asked === 1) throw new Error('the server is gone');
    return asked;
  });
  expect(demand.part).toBeUndefined();
  expect(await Promise.all([demand.load(), demand.load()])).toEqual([undefined, undefined]);
  expect(demand.part).toBeUndefined();
  expect(await demand.load()).toBe(2);
  expect(await demand.load()).toBe(2);
  expect(demand.part).toBe(2);
});
