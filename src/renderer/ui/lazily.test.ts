import { expect, it } from 'vitest';
import { persistently } from './lazily.ts';

it('a part is asked for until the server gives it', async () => {
  let times = 0;
  const load = async (): Promise<string> => {
    times += 1;
    if (times < 4) throw new TypeError('Failed to fetch dynamically imported module');
    return 'part';
  };
  expect(await persistently(load, 1)).toBe('part');
  expect(times).toBe(4);
});
