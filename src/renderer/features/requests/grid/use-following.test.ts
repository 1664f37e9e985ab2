import { describe, expect, it } from 'vitest';
import { lastRows } from './use-following.ts';

describe('the rows at the end of a list', () => {
  it('fill what is in sight, and two more', () => {
    expect(lastRows(1000, 100, 24)).toEqual([993, 994, 995, 996, 997, 998, 999]);
  });

  it('are all rows of a short list, and none of an empty one', () => {
    expect(lastRows(3, 100, 24)).toEqual([0, 1, 2]);
    expect(lastRows(0, 100, 24)).toEqual([]);
  });
});
