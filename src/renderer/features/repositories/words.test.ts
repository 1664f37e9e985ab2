import { describe, expect, it } from 'vitest';
import type { Job, RepositoryRow } from '#shared/repository-model.ts';
import {
  behindWords,
  elapsedMs,
  filtered,
  jobsOnTop,
  jobStatus,
  lastFailure,
  mirrorWords,
  nameParts,
  progressShare,
  progressWords,
  refreshKind,
  removalWords,
  residencyWords,
  restoreCommand,
} from './words.ts';

const name = 'https://git.example/team/project';

function job(more: Partial<Job>): Job {
  return { id: 1, kind: 'fetch', repository: name, state: 'running', phase: '', startedAt: 0, ...more };
}

function row(more: Partial<RepositoryRow> = {}): RepositoryRow {
  return {
    name,
    fetchUrl: name,
    rule: name,
    mirror: { state: 'ready' },
    residency: { memoryBytes: 0, diskBytes: 0 },
    bundles: [],
    ...more,
  };
}

const snapshot = { bytes: 1000, etag: 'a', storedAt: 0 };

it('a name has a host, a path and a last part', () => {
  expect(nameParts(name)).toEqual({ host: 'git.example', path: 'team/project', short: 'project' });
});

describe('progress', () => {
  it.each([
    { more: {}, share: undefined, words: '' },
    { more: { done: 512, unit: 'bytes' }, share: undefined, words: '512 B' },
    { more: { done: 512, total: 2048, unit: 'bytes' }, share: 0.25, words: '512 B of 2 KiB' },
    { more: { done: 1204, total: 4816, unit: 'objects' }, share: 0.25, words: '1,204 of 4,816 objects' },
    { more: { done: 7, unit: 'files' }, share: undefined, words: '7 files' },
    { more: { done: 43, unit: 'percent' }, share: 0.43, words: '43 %' },
    { more: { done: 9, total: 8 }, share: 1, words: '9 of 8' },
    { more: { done: 0, total: 0, unit: 'objects' }, share: undefined, words: '0 of 0 objects' },
  ] as const)('$words', ({ more, share, words }) => {
    expect([progressShare(job(more)), progressWords(job(more))]).toEqual([share, words]);
  });

  it('a job says its phase while it runs, and then what came of it', () => {
    expect(jobStatus(job({ state: 'queued', phase: 'x' }))).toBe('queued');
    expect(jobStatus(job({ phase: 'archiving' }))).toBe('archiving');
    expect(jobStatus(job({ phase: '' }))).toBe('running');
    expect(jobStatus(job({ state: 'failed', phase: 'archiving', outcome: 'the disk is full' }))).toBe(
      'the disk is full',
    );
    expect(jobStatus(job({ state: 'cancelled' }))).toBe('cancelled');
  });

  it('a job’s time stands still when it has ended', () => {
    expect(elapsedMs(job({ startedAt: 100 }), 350)).toBe(250);
    expect(elapsedMs(job({ startedAt: 100, endedAt: 200 }), 350)).toBe(100);
    expect(elapsedMs(job({ startedAt: 100 }), 50)).toBe(0);
  });
});

describe('jobs on top', () => {
  it('are those under way, in the order of their beginning, then those that have just failed or ended', () => {
    const jobs = [
      job({ id: 5, state: 'queued' }),
      job({ id: 4, state: 'done', endedAt: 99_000 }),
      job({ id: 3 }),
      job({ id: 2, state: 'done', endedAt: 90_000 }),
      job({ id: 1, state: 'failed', endedAt: 50_000 }),
      job({ id: 0, state: 'failed', endedAt: 30_000 }),
    ];
    expect(jobsOnTop({ jobs, at: 100_000 }).map(({ id }) => id)).toEqual([3, 5, 1, 4]);
  });
});

describe('the last failure', () => {
  const failed = job({ id: 1, state: 'failed' });
  const done = job({ id: 2, state: 'done' });

  it('is forgotten when the same has worked since', () => {
    expect(lastFailure(name, [failed])).toBe(failed);
    expect(lastFailure(name, [done, failed])).toBeUndefined();
  });

  it('is not forgotten for another kind of job, a cancelled one, or one that still runs', () => {
    const others = [
      job({ id: 5 }),
      job({ id: 4, state: 'cancelled' }),
      job({ id: 3, kind: 'bundle', state: 'done' }),
    ];
    expect(lastFailure(name, [...others, failed])).toBe(failed);
  });

  it('is not another repository’s', () => {
    expect(lastFailure('https://git.example/team/other', [failed])).toBeUndefined();
  });
});

describe('states', () => {
  it.each([
    [{ state: 'absent' }, 'not cloned yet'],
    [{ state: 'cloning' }, 'being cloned'],
    [{ state: 'broken', fetchedAt: 0 }, 'broken: will be cloned again'],
    [{ state: 'ready' }, 'not fetched yet'],
    [{ state: 'ready', fetchedAt: 0 }, 'fetched 2 m ago'],
  ] as const)('a mirror that is %j: %s', (mirror, words) => {
    expect(mirrorWords(mirror, 120_000)).toBe(words);
  });

  it('how far a snapshot is behind is said, or that it is not known', () => {
    expect([0, 3, undefined].map((behind) => behindWords({ ...snapshot, behind }))).toEqual([
      'current',
      '3 behind',
      'how far behind is not known',
    ]);
  });

  it('what the caches have is a share of the snapshot', () => {
    expect(residencyWords(row({ snapshot, residency: { memoryBytes: 120, diskBytes: 1000 } }))).toBe(
      'memory 12 % · disk 100 %',
    );
    expect(residencyWords(row())).toBe('');
  });

  it('a mirror that is not there is cloned, another is fetched', () => {
    expect(
      (['absent', 'broken', 'ready'] as const).map((state) => refreshKind(row({ mirror: { state } }))),
    ).toEqual(['clone', 'clone', 'fetch']);
  });
});

describe('what is done with a repository', () => {
  it('the restore command names the repository, a folder and the server', () => {
    expect(restoreCommand(name, 'http://127.0.0.1:7420/')).toBe(
      'sluice restore https://git.example/team/project project --server http://127.0.0.1:7420',
    );
  });

  it('removing says what goes, and nothing of what is not there', () => {
    const bundle = { base: 'a', head: 'b', bytes: 512, madeAt: 0 };
    expect(removalWords(row({ mirror: { state: 'absent' } }))).toEqual([]);
    expect(
      removalWords(row({ mirror: { state: 'ready', bytes: 2048 }, snapshot, bundles: [bundle, bundle] })),
    ).toEqual([
      'the mirror on this server’s disk, 2 KiB',
      'the snapshot in the store, 1000 B, and its copies in the caches',
      '2 bundles, 1 KiB',
    ]);
    expect(removalWords(row({ bundles: [bundle] }))).toEqual([
      'the mirror on this server’s disk',
      'one bundle, 512 B',
    ]);
  });

  it('a filter wants each of its words somewhere in the name', () => {
    const rows = [row(), row({ name: 'https://git.example/web/Shop' })];
    const found = (filter: string) => filtered(rows, filter).map((each) => nameParts(each.name).short);
    expect([found(''), found('SHOP'), found('project team'), found('team shop')]).toEqual([
      ['project', 'Shop'],
      ['Shop'],
      ['project'],
      [],
    ]);
  });
});
