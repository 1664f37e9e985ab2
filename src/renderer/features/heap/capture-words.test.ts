import { describe, expect, it } from 'vitest';
import type { Capture } from '#shared/contract/profiles.ts';
import { GiB, MiB } from '#shared/units.ts';
import { costWords, parseSeconds, progressOf, snapshotWords } from './capture-words.ts';

const capture: Capture = {
  id: 'a',
  kind: 'heap',
  state: 'running',
  name: 'sluice-heap.heapprofile',
  startedAt: 10_000,
  endsAt: 20_000,
  bytes: 0,
};

describe('what the capture panel says', () => {
  it('how far it is, by the server’s clock', () => {
    expect(progressOf(capture, 14_000)).toEqual({ share: 0.4, words: '6.0 s left' });
    expect(progressOf(capture, 9000)).toMatchObject({ share: 0 });
    expect(progressOf(capture, 21_000)).toEqual({ share: 1, words: 'writing the file' });
    const { endsAt: _endsAt, ...snapshot } = { ...capture, kind: 'snapshot' as const };
    expect(progressOf(snapshot, 12_000)).toMatchObject({ share: undefined });
  });

  it('takes whole seconds from 1 to 300', () => {
    expect(['1', ' 30 ', '300'].map(parseSeconds)).toEqual([1, 30, 300]);
    expect(['', '0', '301', '1.5', '-1', '1e2', 'ten'].map(parseSeconds)).toEqual(Array(7).fill(undefined));
  });

  it('what each kind costs', () => {
    expect(costWords('heap', 10, 32 * 1024)).toContain('one allocation in each 32 KiB');
    expect(costWords('cpu', 90, 0)).toContain('1 m 30 s');
    expect(costWords('snapshot', 10, 0)).toContain('The server stops');
  });

  it('whether a snapshot fits, with all figures', () => {
    const cost = {
      heapBytes: 50 * MiB,
      stopsMs: 5750,
      memoryBytes: 1000 * MiB,
      availableBytes: 4 * GiB,
      fileBytes: 110 * MiB,
      fits: true,
    };
    const sentences = snapshotWords(cost).join(' ');
    for (const figure of ['5.8 s', '1000 MiB', '50 MiB', '110 MiB', '4 GiB are available'])
      expect(sentences).toContain(figure);
    expect(snapshotWords({ ...cost, fits: false }).at(-1)).toContain('it does not fit');
  });
});
