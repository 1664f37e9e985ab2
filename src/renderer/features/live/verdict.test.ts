import { describe, expect, it } from 'vitest';
import type { Lane } from '#shared/model.ts';
import { frameRecord, laneRecord, memoryRecord, slotRecord } from '../../state/fixtures.ts';
import { verdictOf } from './verdict.ts';

const circumstances = {
  memory: memoryRecord({ budgetBytes: 64 * 2 ** 20 }),
  engine: frameRecord(0).engine,
  chunkBytes: 100,
};

function sentenceOf(...lanes: readonly Partial<Lane>[]): string | undefined {
  const diagnosed = lanes.map((lane, index) => ({ lane: laneRecord(index, lane), sinceMs: 1800 }));
  return verdictOf(diagnosed, circumstances)?.sentence;
}

describe('the sentence above the lanes', () => {
  it('says nothing about nobody, and that all is well', () => {
    expect(sentenceOf()).toBeUndefined();
    expect(sentenceOf({})).toBe('Nothing holds the transfer up.');
    expect(sentenceOf({}, {})).toBe('Nothing holds the 2 transfers up.');
  });

  it('names a client that does not read', () => {
    const stuck = {
      diagnosis: 'client-bound',
      client: '10.1.4.7',
      object: 'team/a.tar',
      heldBytes: 2048,
    } as const;
    expect(sentenceOf(stuck, {})).toBe(
      'A slow client: 10.1.4.7 takes nothing of team/a.tar for 1.8 s; 2 KiB wait for it.',
    );
    expect(sentenceOf({ ...stuck, outBytesPerSecond: 512 }, stuck)).toContain('(2 of 2 transfers are so)');
  });

  it('blames the store, with what it takes', () => {
    expect(sentenceOf({ diagnosis: 'store-bound' }, { diagnosis: 'store-bound' }, {})).toBe(
      'The store is slow: 2 of 3 transfers wait for it for 1.8 s.',
    );
  });

  it('names the chunk that holds the others up', () => {
    const slots = (['receiving', 'held', 'held'] as const).map(slotRecord);
    expect(sentenceOf({ diagnosis: 'head-of-line', position: 41_250, object: 'x/b.tar', slots })).toBe(
      'One late chunk: #412 of x/b.tar is missing for 1.8 s, and 2 complete ones wait behind it.',
    );
  });

  it('is about the trouble that most have', () => {
    const store = { diagnosis: 'store-bound' } as const;
    expect(sentenceOf({ diagnosis: 'client-bound' }, store, store)).toContain('The store is slow');
    expect(sentenceOf({ diagnosis: 'budget-bound' })).toContain('1 of 1 transfers wait for a slab of 64 MiB');
    expect(sentenceOf({ diagnosis: 'disk-bound' })).toContain('The disk cache is slow');
  });
});
