import { describe, expect, it } from 'vitest';
import { footprintLimitBytes, theFootprint } from './footprint.ts';
import { LiveStore } from './live-store.ts';
import { Notifications } from './notifications.ts';
import { glancesFootprint } from './servers.ts';

describe('the footprint of the console', () => {
  it('is at most 64 MiB, with as many servers as can be remembered', () => {
    const live = new LiveStore(() => undefined);
    const parts = [live.footprint, new Notifications().footprint, glancesFootprint(0)];
    const limitBytes = parts.reduce((sum, part) => sum + part.limitBytes, 0);
    expect(limitBytes).toBeGreaterThan(0);
    expect(limitBytes).toBeLessThanOrEqual(footprintLimitBytes);
    expect(glancesFootprint(32).usedBytes).toBe(glancesFootprint(0).limitBytes);
  });

  it('adds up what is there now', () => {
    const remove = theFootprint.add('one', () => ({ usedBytes: 1, limitBytes: 10 }));
    theFootprint.add('two', () => ({ usedBytes: 2, limitBytes: 20 }));
    expect(theFootprint.total).toEqual({ usedBytes: 3, limitBytes: 30 });
    remove();
    expect(theFootprint.parts.map(({ name }) => name)).toEqual(['two']);
  });
});
