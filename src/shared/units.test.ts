import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatExactBytes,
  formatRate,
  GiB,
  KiB,
  MiB,
  parseBytes,
} from './units.ts';

describe('parseBytes', () => {
  it.each([
    ['0', 0],
    ['17', 17],
    ['17B', 17],
    ['8MiB', 8 * MiB],
    ['8 mib', 8 * MiB],
    ['8m', 8 * MiB],
    ['1.5GiB', 1.5 * GiB],
    [' 64k ', 64 * KiB],
    ['2TiB', 2048 * GiB],
  ])('reads %j', (text, bytes) => {
    expect(parseBytes(text)).toBe(bytes);
  });

  it.each([
    '',
    'MiB',
    '-1',
    '1,5MiB',
    '8 parsecs',
    '0x10',
    '1e6',
    '1.0001KiB',
    '9007199254740993',
    'constructor',
  ])('refuses %j', (text) => {
    expect(parseBytes(text)).toBeUndefined();
  });

  it('reads back every exact size', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (bytes) => {
        expect(parseBytes(formatExactBytes(bytes))).toBe(bytes);
      }),
    );
  });
});

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [KiB, '1 KiB'],
    [1023.6 * KiB, '1 MiB'],
    [1.5 * GiB, '1.50 GiB'],
    [412 * MiB, '412 MiB'],
    [-64 * MiB, '-64 MiB'],
    [5000 * 1024 * GiB, '5000 TiB'],
  ])('writes %d as %j', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it('stays within half a percent and never says 1024 of a unit that has a next one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1023 * 1024 * GiB }), (bytes) => {
        const text = formatBytes(bytes);
        expect(text).not.toMatch(/^1024 [BKMG]/);
        const [value, unit] = text.split(' ');
        const shown = Number(value) * (parseBytes(`1${unit}`) ?? Number.NaN);
        expect(Math.abs(shown - bytes)).toBeLessThanOrEqual(bytes * 0.005);
      }),
    );
  });
});

describe('formatRate, formatCount', () => {
  it('carry their unit and separators', () => {
    expect(formatRate(56 * MiB)).toBe('56 MiB/s');
    expect(formatCount(1_204_331)).toBe('1,204,331');
  });
});

describe('formatDuration', () => {
  it.each([
    [0.84, '0.8 ms'],
    [9.96, '10 ms'],
    [340, '340 ms'],
    [999.7, '1.0 s'],
    [2400, '2.4 s'],
    [59_970, '1 m 00 s'],
    [192_000, '3 m 12 s'],
    [3_599_700, '1 h 00 m'],
    [7_500_000, '2 h 05 m'],
  ])('writes %d ms as %j', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });
});
