import { describe, expect, it } from 'vitest';
import { nextOrder, orderText, parseOrder } from './order.ts';

describe('the order of a table', () => {
  const usual = { column: 'flat', direction: -1 } as const;

  it('comes from the address, and goes back into it', () => {
    expect(parseOrder('cum', ['flat', 'cum'], usual)).toEqual({ column: 'cum', direction: 1 });
    expect(orderText(parseOrder('-cum', ['flat', 'cum'], usual))).toBe('-cum');
    for (const none of [undefined, 'delta', '-', '__proto__']) {
      expect(parseOrder(none, ['flat'], usual)).toBe(usual);
      expect(parseOrder(none, ['flat'], undefined)).toBeUndefined();
    }
  });

  it('begins with the largest number or the first text, and turns around with a second press', () => {
    const cum = { name: 'cum', isNumber: true };
    const first = nextOrder(usual, cum);
    expect(first).toEqual({ column: 'cum', direction: -1 });
    expect(nextOrder(first, cum)).toEqual({ column: 'cum', direction: 1 });
    expect(nextOrder(first, { name: 'function' })).toEqual({ column: 'function', direction: 1 });
    expect(nextOrder(undefined, { name: 'function' })).toEqual({ column: 'function', direction: 1 });
  });
});
