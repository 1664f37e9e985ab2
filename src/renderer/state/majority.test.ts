import { describe, expect, it } from 'vitest';
import { strongest } from './majority.ts';

describe('strongest', () => {
  it.each([
    { codes: [], expected: 0 },
    { codes: [3], expected: 3 },
    { codes: [4, 4, 3], expected: 4 },
    { codes: [4, 3], expected: 3 },
    { codes: [0, 0, 4], expected: 0 },
  ])('of $codes is $expected', ({ codes, expected }) => {
    expect(strongest(codes)).toBe(expected);
  });

  it('never outvotes a retry or a failure, and prefers the failure', () => {
    expect(strongest([4, 4, 4, 6, 4])).toBe(6);
    expect(strongest([7, 6, 6, 6, 4])).toBe(7);
  });
});
