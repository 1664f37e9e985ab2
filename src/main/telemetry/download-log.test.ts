import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pieceStates } from '#shared/vocabulary/downloads.ts';
import { SluiceError } from '#shared/errors.ts';
import { KiB, MiB } from '#shared/units.ts';
import { maxRecords } from './chunk-records.ts';
import type { PieceWatch, WatchedRevision } from './chunk-watch.ts';
import { DownloadLog } from './download-log.ts';
import type { RecordedDownload } from './recorded-download.ts';

class World {
  at = 1000;
  readonly log: DownloadLog;

  constructor(limits?: { readonly downloads: number; readonly bytes: number }) {
    this.log = new DownloadLog({ now: () => this.at, ...(limits ? { limits } : {}) });
  }

  get newest(): RecordedDownload {
    const [newest] = this.log.downloads;
    if (!newest) throw new Error('nothing was fetched');
    return newest;
  }

  fetch(revision: WatchedRevision, index = 0): PieceWatch {
    return this.log.began(revision, { index, start: index * MiB, end: (index + 1) * MiB, lane: 'ahead' });
  }

  whole(revision: WatchedRevision, index = 0): PieceWatch {
    const watch = this.fetch(revision, index);
    watch.attempt(1);
    watch.answered('request');
    watch.received(MiB);
    watch.complete();
    return watch;
  }
}

function revisionOf(key: string, readers = 0): WatchedRevision {
  const known = { name: `test/${key}`, path: `/api/v1/object/test/${key}` };
  return { object: { key, pin: 'p', length: 64 * MiB }, known, readers: { size: readers } };
}

describe('a piece', () => {
  it('has the times of each step, and of how long it was held', () => {
    const world = new World();
    const watch = world.fetch(revisionOf('a'), 3);
    const steps: [keyof PieceWatch, () => void][] = [
      ['attempt', () => watch.attempt(1)],
      ['answered', () => watch.answered('request')],
      ['received', () => watch.received(MiB)],
      ['complete', () => watch.complete()],
      ['released', () => watch.released()],
      ['left', () => watch.left('evicted')],
    ];
    for (const [, step] of steps) {
      world.at += 10;
      step();
    }
    const { records } = world.newest;
    const times = ['queuedAt', 'askedAt', 'answeredAt', 'completeAt', 'releasedAt', 'goneAt'] as const;
    expect(times.map((field) => records.get(0, field))).toEqual([1000, 1010, 1020, 1040, 1050, 1060]);
    expect(records.get(0, 'index')).toBe(3);
    expect(pieceStates[records.get(0, 'state')]).toBe('evicted');
  });

  it('is held as long as somebody wants it, in one stretch or several', () => {
    const world = new World();
    const watch = world.whole(revisionOf('a'));
    const { records } = world.newest;
    world.at += 30;
    watch.released();
    world.at += 100;
    watch.reread();
    expect(records.get(0, 'heldMs')).toBe(30);
    expect(records.get(0, 'heldSince')).toBe(1130);
    world.at += 5;
    watch.left('evicted');
    expect(records.get(0, 'heldMs')).toBe(35);
    expect(records.get(0, 'heldSince')).toBeNaN();
  });

  it('remembers every attempt that failed, up to eight, and why', () => {
    const world = new World();
    const watch = world.fetch(revisionOf('a'));
    for (let attempt = 1; attempt <= 12; attempt += 1) {
      watch.attempt(attempt);
      world.at += 5;
      watch.backedOff(new SluiceError('STORE_STALLED', 'no byte'));
    }
    watch.failed(new Error('what is this'));
    const [download] = world.log.downloads;
    expect(download).toMatchObject({ retries: 11, failed: 1, active: 0, done: 0 });
    expect(download?.failedTries.get(0)).toHaveLength(8);
    expect(download?.failedTries.get(0)?.[1]).toMatchObject({
      askedAt: 1005,
      endedAt: 1010,
      reason: 'STORE_STALLED',
    });
  });

  it('that is called back is cancelled, and counts neither as done nor as failed', () => {
    const world = new World();
    const watch = world.fetch(revisionOf('a'));
    watch.left('aborted');
    watch.left('aborted');
    expect(world.log.downloads[0]).toMatchObject({ active: 0, done: 0, failed: 0 });
    expect(pieceStates[world.log.downloads[0]?.records.get(0, 'state') ?? -1]).toBe('cancelled');
  });

  it('says whether it was asked twice, and where it was served from later', () => {
    const world = new World();
    const a = revisionOf('a');
    const watch = world.fetch(a, 7);
    watch.attempt(1);
    watch.hedged();
    watch.answered('hedge');
    watch.received(MiB);
    watch.complete();
    watch.reread();
    const { records, hedges } = world.newest;
    expect([hedges, records.get(0, 'hedge'), records.get(0, 'tier')]).toEqual([1, 2, 1]);
    world.log.fromDisk(a, 7);
    world.log.fromDisk(a, 8);
    expect(records.get(0, 'tier')).toBe(2);
  });
});

describe('a download', () => {
  it('ends when nothing was fetched for thirty seconds and nobody reads; then another begins', () => {
    const world = new World();
    const readers = { size: 1 };
    const revision = { ...revisionOf('a'), readers };
    world.whole(revision);
    world.at += 60_000;
    expect(world.log.downloads.map(({ state }) => state)).toEqual(['idle']);
    readers.size = 0;
    world.at += 1;
    expect(world.log.downloads.map(({ state }) => state)).toEqual(['ended']);
    readers.size = 1;
    const watch = world.fetch(revision, 1);
    expect(world.log.downloads.map(({ state }) => state)).toEqual(['fetching', 'ended']);
    watch.left('aborted');
  });

  it('is of one revision', () => {
    const world = new World();
    world.whole(revisionOf('a'));
    world.whole({ ...revisionOf('a'), object: { key: 'a', pin: 'q', length: 64 * MiB } });
    expect(world.log.downloads).toHaveLength(2);
  });

  it('has a rate over the last two seconds', () => {
    const world = new World();
    world.whole(revisionOf('a'));
    expect(world.log.downloads[0]?.bytesPerSecond).toBe(MiB / 2);
    world.at += 5000;
    expect(world.log.downloads[0]?.bytesPerSecond).toBe(0);
  });

  it('keeps the newest pieces, and a hand on one that is gone changes nothing', () => {
    const world = new World();
    const a = revisionOf('a');
    const first = world.whole(a);
    for (let index = 1; index <= maxRecords; index += 1) world.whole(a, index);
    const { records } = world.newest;
    expect([records.first, records.added]).toEqual([1, maxRecords + 1]);
    const before = records.get(maxRecords, 'state');
    first.left('evicted');
    expect(records.get(maxRecords, 'state')).toBe(before);
    expect(records.get(maxRecords, 'index')).toBe(maxRecords);
    expect(world.log.byteLength).toBeLessThan(640 * KiB);
  });
});

describe('the log', () => {
  it('lets go first of what ended longest ago, and counts it', () => {
    const world = new World({ downloads: 3, bytes: 64 * MiB });
    for (const key of ['a', 'b', 'c']) {
      world.at += 1000;
      world.whole(revisionOf(key, key === 'a' ? 1 : 0));
    }
    world.at += 60_000;
    world.whole(revisionOf('d'));
    const names = world.log.downloads.map(({ revision }) => revision.object.key);
    expect(names).toEqual(['d', 'c', 'a']);
    expect(world.log.forgotten).toBe(1);
  });

  it('never takes more than its bound, whatever comes, beyond the newest download itself', () => {
    const bytes = 256 * KiB;
    const piece = fc.record({
      key: fc.integer({ min: 0, max: 40 }),
      pieces: fc.integer({ min: 1, max: 60 }),
    });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (all) => {
        const world = new World({ downloads: 20, bytes });
        for (const { key, pieces } of all) {
          const revision = revisionOf(String(key), key % 3);
          for (let index = 0; index < pieces; index += 1) {
            const watch = world.fetch(revision, index);
            watch.attempt(1);
            if (index % 5 === 0) watch.backedOff(new Error('no'));
            else if (index % 7 === 0) watch.left('aborted');
            else watch.complete();
            world.at += 1;
          }
        }
        const newest = Math.max(0, ...world.log.downloads.map(({ byteLength }) => byteLength));
        expect(world.log.byteLength).toBeLessThanOrEqual(bytes + newest);
        expect(world.log.downloads.length).toBeLessThanOrEqual(20);
      }),
      { numRuns: 40 },
    );
  });
});
