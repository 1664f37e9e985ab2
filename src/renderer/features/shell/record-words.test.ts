import { describe, expect, it } from 'vitest';
import type { RecorderState } from '#shared/recording/model.ts';
import { chipWords } from './record-words.ts';

const state = (
  change: Partial<RecorderState> = {},
  rolling: Partial<RecorderState['rolling']> = {},
): RecorderState => ({
  rolling: {
    isOn: true,
    firstAt: 100_000,
    bytes: 1,
    limitBytes: 2,
    limitMs: 900_000,
    droppedFrames: 0,
    ...rolling,
  },
  savedBytes: 0,
  savedLimitBytes: 1,
  ...change,
});

describe('chipWords', () => {
  it('says how far back one can go', () => {
    expect(chipWords(state(), 100_000 + 751_900)).toEqual({
      word: 'rec',
      time: '12:31',
      manner: 'rolling',
      title: 'The last 12 m 32 s are kept and can be saved or played',
    });
  });

  it('says for how long somebody has been recording, before all else but trouble', () => {
    const manual = { id: 'x', name: '', startedAt: 100_000, bytes: 1 };
    expect(chipWords(state({ manual }), 165_000)).toMatchObject({ time: '1:05', manner: 'manual' });
    expect(chipWords(state({ manual }, { trouble: 'no space' }), 165_000)).toMatchObject({
      manner: 'trouble',
      title: 'Not recording: no space',
    });
  });

  it('says that nothing is recorded', () => {
    expect(chipWords(state({}, { isOn: false }), 0)).toMatchObject({ word: 'rec off', manner: 'off' });
  });
});
