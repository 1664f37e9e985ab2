import { describe, expect, it } from 'vitest';
import type { CachedObject, CacheJob } from '#shared/cache-model.ts';
import { MiB } from '#shared/units.ts';
import {
  filtered,
  jobShare,
  parseSort,
  ratioWords,
  remainingMs,
  residencyWords,
  runsWords,
  sorted,
} from './words.ts';

const object = (name: string, change: Partial<CachedObject> = {}): CachedObject => ({
  name,
  pin: 'p',
  bytes: 100 * MiB,
  memoryBytes: 0,
  diskBytes: 0,
  memory: '',
  disk: '',
  readers: 0,
  usedAt: 0,
  isPinned: false,
  ...change,
});

const job: CacheJob = {
  id: 1,
  kind: 'prefetch',
  object: 'a',
  state: 'running',
  phase: 'from the store',
  doneBytes: 25 * MiB,
  totalBytes: 100 * MiB,
  bytesPerSecond: 25 * MiB,
  startedAt: 0,
};

describe('the words of the Cache view', () => {
  it('say how much of an object is where, and never nothing of something', () => {
    expect(residencyWords(object('a', { memoryBytes: MiB / 2, diskBytes: 100 * MiB }))).toBe(
      'memory < 1 % · disk 100 %',
    );
    expect(residencyWords(object('empty', { bytes: 0 }))).toBe('memory 0 % · disk 0 %');
  });

  it('name chunks in spans, and count the pieces that are too many', () => {
    expect(runsWords([])).toBe('none');
    expect(
      runsWords([
        [0, 4],
        [8, 9],
      ]),
    ).toBe('0–3, 8');
    expect(
      runsWords(
        [
          [0, 1],
          [2, 3],
          [4, 5],
        ],
        2,
      ),
    ).toBe('0, 2, and 1 more pieces');
  });

  it('say nothing of a ratio that nobody knows, and of an end that nobody can know', () => {
    expect(ratioWords(0, 0)).toBe('–');
    expect(ratioWords(3, 1)).toBe('75 %');
    expect(remainingMs(job)).toBe(3000);
    expect(remainingMs({ ...job, bytesPerSecond: undefined })).toBeUndefined();
    expect(jobShare({ ...job, totalBytes: 0 })).toBeUndefined();
    expect(jobShare(job)).toBe(0.25);
  });
});

describe('the objects that are shown', () => {
  const rows = [
    object('b', { usedAt: 2, diskBytes: 5 }),
    object('A', { usedAt: 1, memoryBytes: 5, isPinned: true }),
    object('c', { usedAt: 3 }),
  ];
  const names = (found: readonly CachedObject[]) => found.map(({ name }) => name).join('');

  it('are those used last first, or in the order of a column, both ways', () => {
    expect(names(sorted(rows, parseSort(undefined)))).toBe('cbA');
    expect(names(sorted(rows, parseSort('name')))).toBe('Abc');
    expect(names(sorted(rows, parseSort('-name')))).toBe('cbA');
    expect(names(sorted(rows, parseSort('-disk')))).toBe('bAc');
    expect(names(sorted(rows, parseSort('no such column')))).toBe('cbA');
  });

  it('are those with a part of the name that are in a place', () => {
    expect(names(filtered(rows, { search: ' a ', place: 'all' }))).toBe('A');
    expect(names(filtered(rows, { search: '', place: 'disk' }))).toBe('b');
    expect(names(filtered(rows, { search: '', place: 'memory' }))).toBe('A');
    expect(names(filtered(rows, { search: '', place: 'pinned' }))).toBe('A');
    expect(names(filtered(rows, { search: 'b', place: 'pinned' }))).toBe('');
  });
});
