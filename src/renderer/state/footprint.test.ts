import { describe, expect, it } from 'vitest';
import { keptBlockBytes } from '../playback/blocks.ts';
import { CacheStore } from './cache-store.ts';
import { CaptureStore } from './capture-store.ts';
import { DownloadStore } from './download-store.ts';
import { FilteredRows } from './filtered-rows.ts';
import { footprintLimitBytes, footprintOf, theFootprint } from './footprint.ts';
import { LiveStore } from './live-store.ts';
import { Notifications } from './notifications.ts';
import { ProfileStore } from './profile-store.ts';
import { OwnersStore } from './owners-store.ts';
import { glancesFootprint } from './servers.ts';

describe('the footprint of the console', () => {
  it('is at most 64 MiB with all views open, a filter, and as many servers as can be remembered', () => {
    const live = new LiveStore(() => undefined);
    const call = async (): Promise<never> => Promise.reject(new Error('there is no server'));
    const parts = [
      live.footprint,
      new Notifications().footprint,
      glancesFootprint(0),
      new FilteredRows(live.requests, () => true, undefined).footprint,
      new DownloadStore(call, () => false).footprint,
      new CacheStore(call).footprint,
      new ProfileStore().footprint,
      new CaptureStore(call).footprint,
      new OwnersStore(call, () => undefined).footprint,
      // Of a recording: in place of the server's stores there are others of the same size.
      { usedBytes: 0, limitBytes: keptBlockBytes },
    ];
    for (const { usedBytes, limitBytes } of parts) expect(usedBytes).toBeLessThanOrEqual(limitBytes);
    const limitBytes = parts.reduce((sum, part) => sum + part.limitBytes, 0);
    expect(limitBytes).toBeGreaterThan(0);
    expect(limitBytes).toBeLessThanOrEqual(footprintLimitBytes);
    expect(glancesFootprint(32).usedBytes).toBe(glancesFootprint(0).limitBytes);
  });

  it('counts so many of each as there are, out of as many as there may be', () => {
    const parts = [
      { count: 2, most: 10, eachBytes: 3 },
      { count: 0, most: 5, eachBytes: 7 },
    ];
    expect(footprintOf(parts)).toEqual({ usedBytes: 6, limitBytes: 65 });
  });

  it('adds up what is there now', () => {
    const remove = theFootprint.add('one', () => ({ usedBytes: 1, limitBytes: 10 }));
    theFootprint.add('two', () => ({ usedBytes: 2, limitBytes: 20 }));
    expect(theFootprint.total).toEqual({ usedBytes: 3, limitBytes: 30 });
    remove();
    expect(theFootprint.parts.map(({ name }) => name)).toEqual(['two']);
  });
});
