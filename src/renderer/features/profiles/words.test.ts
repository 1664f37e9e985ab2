import { describe, expect, it } from 'vitest';
import { changeFormat, presenceMarks, presenceOf } from './change-words.ts';
import {
  changeShareWords,
  changeWords,
  exactWords,
  factsOf,
  labelWords,
  percentWords,
  typeOf,
} from './words.ts';

describe('numbers', () => {
  it('are written as go tool pprof has them, and in full', () => {
    expect(percentWords(67_108_864, 77_953_478)).toBe('86.09 %');
    expect(percentWords(1, 0)).toBe('–');
    expect([exactWords(67_108_864, 'bytes'), exactWords(64, 'count')]).toEqual(['67,108,864 bytes', '64']);
  });

  it('say how much more or less', () => {
    expect([12 * 2 ** 20, -3 * 2 ** 10, 0].map((value) => changeWords(value, 'bytes'))).toEqual([
      '+12 MiB',
      '−3 KiB',
      '0',
    ]);
    expect([0.012, -0.5, 0.000_01].map(changeShareWords)).toEqual(['+1.20 %', '−50.00 %', '0 %']);
    expect(changeFormat('share', 'bytes').value(0.25)).toBe('25.00 %');
    expect(changeFormat('absolute', 'count').change(-7)).toBe('−7');
  });
});

describe('what became of a call', () => {
  it.each([
    ['new', { kept: 0, added: 5, removed: 0 }],
    ['gone', { kept: 0, added: 0, removed: 5 }],
    ['both', { kept: 1, added: 0, removed: 5 }],
    ['both', { kept: 0, added: 2, removed: 5 }],
  ] as const)('%s', (presence, { kept, added, removed }) => {
    const arrays = {
      kept: Float64Array.of(kept),
      added: Float64Array.of(added),
      removed: Float64Array.of(removed),
    };
    expect(presenceOf(arrays, 0)).toBe(presence);
  });

  it('has a shape of its own where it is new or gone', () => {
    expect(new Set(Object.values(presenceMarks)).size).toBe(3);
  });
});

describe('a profile in words', () => {
  const info = {
    id: '0'.repeat(16),
    name: 'incident.pb.gz',
    format: 'pprof',
    fileBytes: 1175,
    heldBytes: 5000,
    sampleTypes: [
      { type: 'alloc_space', unit: 'bytes' },
      { type: 'inuse_space', unit: 'bytes' },
    ],
    defaultType: 1,
    samples: 20,
    functions: 13,
    hasLabels: true,
    facts: { durationMs: 0, period: { type: 'space', unit: 'bytes', value: 4096 } },
  } as const;

  it('says what is known of it', () => {
    expect(factsOf(info)).toEqual([
      'pprof',
      '20 stacks of 13 functions',
      'a sample each 4 KiB allocated',
      'file of 1.15 KiB',
    ]);
    const snapshot = { objects: 1000, references: 3000, totalBytes: 2 ** 20 };
    expect(factsOf({ ...info, format: 'heapsnapshot', facts: {}, snapshot })[1]).toBe('1,000 objects, 1 MiB');
  });

  it('is looked at by the type that is wanted, or its own', () => {
    expect(typeOf(info, 'alloc_space')?.type).toBe('alloc_space');
    expect(typeOf(info, 'cpu')?.type).toBe('inuse_space');
    expect(
      labelWords([
        ['client', 'a'],
        ['tier', 'store'],
      ]),
    ).toBe('client = a and tier = store');
    expect(labelWords([['bytes', '1048576']])).toBe('bytes = 1 MiB');
    expect(labelWords([['client', '']])).toBe('client = (empty)');
  });
});
