import { describe, expect, it } from 'vitest';
import { parseProgress, tell, type GitProgress } from './progress.ts';

describe('parseProgress', () => {
  it.each<[string, GitProgress]>([
    [
      'Receiving objects:  42% (420/1000), 1.20 MiB | 3.00 MiB/s',
      { phase: 'receiving objects', done: 420, total: 1000, bytes: 1_258_291 },
    ],
    [
      'Receiving objects: 100% (3/3), 512 bytes | 512.00 KiB/s, done.',
      { phase: 'receiving objects', done: 3, total: 3, bytes: 512 },
    ],
    ['remote: Counting objects:  50% (5/10)', { phase: 'counting objects', done: 5, total: 10 }],
    ['remote: Enumerating objects: 12, done.', { phase: 'enumerating objects', done: 12 }],
    ['Resolving deltas: 100% (5/5), done.', { phase: 'resolving deltas', done: 5, total: 5 }],
    ['Updating files:  10% (500/5000)', { phase: 'updating files', done: 500, total: 5000 }],
    [
      'Downloading LFS objects:  50% (1/2), 1.5 MB | 3 MB/s',
      { phase: 'downloading LFS objects', done: 1, total: 2, bytes: 1_500_000 },
    ],
  ])('reads %s', (line, progress) => {
    expect(parseProgress(line)).toEqual(progress);
  });

  it.each(["Cloning into bare repository 'x'...", "fatal: repository 'x' not found", 'From file:///x', ''])(
    'finds none in %j',
    (line) => {
      expect(parseProgress(line)).toBeUndefined();
    },
  );
});

describe('tell', () => {
  it('shows every progress, and of each only the last as a line', () => {
    const phases: string[] = [];
    const lines: string[] = [];
    const watch = {
      onProgress: ({ phase }: GitProgress) => void phases.push(phase),
      onLine: (line: string) => void lines.push(line),
    };
    tell(watch, 'Resolving deltas:  50% (1/2)');
    tell(watch, 'Resolving deltas: 100% (2/2), done.   ');
    tell(watch, 'From https://host/path');
    expect(phases).toEqual(['resolving deltas', 'resolving deltas']);
    expect(lines).toEqual(['Resolving deltas: 100% (2/2), done.', 'From https://host/path']);
  });
});
