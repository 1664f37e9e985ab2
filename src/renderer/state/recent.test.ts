import { describe, expect, it } from 'vitest';
import { Recent } from './recent.ts';

describe('what was made lately', () => {
  it('is made once, and the oldest goes when there is too much', () => {
    const recent = new Recent(100);
    const made: string[] = [];
    const get = (key: string, bytes = 40): string =>
      recent.get(key, bytes, () => {
        made.push(key);
        return key.toUpperCase();
      });
    expect([get('a'), get('b'), get('a')]).toEqual(['A', 'B', 'A']);
    expect(made).toEqual(['a', 'b']);
    get('c');
    expect(recent.usedBytes).toBe(80);
    get('a');
    expect(made).toEqual(['a', 'b', 'c']);
    get('b');
    expect(made).toEqual(['a', 'b', 'c', 'b']);
  });

  it('keeps the newest, however large it is', () => {
    const recent = new Recent(100);
    recent.get('small', 10, () => 1);
    expect(
      recent.get(
        'large',
        (value: number) => value,
        () => 500,
      ),
    ).toBe(500);
    expect(recent.usedBytes).toBe(500);
    expect(recent.get('large', 500, () => 0)).toBe(500);
    recent.clear();
    expect(recent.usedBytes).toBe(0);
  });
});
