import { describe, expect, it } from 'vitest';
import type { Job } from '#shared/repository-model.ts';
import { describeJob, showJob } from './job-progress.ts';

const job: Job = {
  id: 1,
  kind: 'fetch',
  repository: 'https://a.b/c',
  state: 'running',
  phase: 'receiving objects',
  startedAt: 0,
};

describe('describeJob', () => {
  it.each<readonly [Partial<Job>, string]>([
    [{}, 'receiving objects'],
    [{ phase: '', state: 'queued' }, 'queued'],
    [{ done: 1204, unit: 'objects' }, 'receiving objects  1,204 objects'],
    [{ done: 1204, total: 3000, unit: 'objects' }, 'receiving objects  1,204 of 3,000 objects (40 %)'],
    [{ done: 40.6, unit: 'percent' }, 'receiving objects  40 %'],
    [
      { done: 2, total: 4, unit: 'files', bytesPerSecond: 1024 },
      'receiving objects  2 of 4 files (50 %), 1 KiB/s',
    ],
    [{ done: 1024, unit: 'bytes' }, 'receiving objects  1 KiB'],
    [
      { done: 1024, total: 4096, unit: 'bytes', bytesPerSecond: 1024 },
      'receiving objects  1 KiB of 4 KiB (25 %), 1 KiB/s, 3.0 s left',
    ],
    [{ phase: 'evil\u001B[2J\nphase' }, 'evil [2J phase'],
  ])('of %j', (changes, text) => {
    expect(describeJob({ ...job, ...changes })).toBe(`https://a.b/c  ${text}`);
  });
});

describe('showJob', () => {
  it('draws one line that fits, and clears it at the end', () => {
    const written: string[] = [];
    const progress = showJob({ isTTY: true, columns: 20, write: (text) => written.push(text) });
    progress.update(job);
    progress[Symbol.dispose]();
    expect(written).toEqual(['\r\u001B[Khttps://a.b/c  rece', '\r\u001B[K']);
  });

  it('writes nothing where there is no terminal', () => {
    const written: string[] = [];
    using progress = showJob({ isTTY: false, write: (text) => written.push(text) });
    progress.update(job);
    expect(written).toEqual([]);
  });
});
