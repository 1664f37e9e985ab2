import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StringTable } from './string-table.ts';

describe('StringTable', () => {
  it('keeps a string once and forgets it with its last use', () => {
    const table = new StringTable(1000);
    const id = table.retain('GET');
    expect(table.retain('GET')).toBe(id);
    expect(table.size).toBe(1);
    table.release(id ?? -1);
    expect(table.text(id ?? -1)).toBe('GET');
    table.release(id ?? -1);
    expect(table.size).toBe(0);
    expect(table.usedBytes).toBe(0);
  });

  it('refuses what does not fit, but not another use of what is there', () => {
    const table = new StringTable(250);
    expect(table.retain('a')).toBeDefined();
    expect(table.retain('b')).toBeDefined();
    expect(table.retain('c')).toBeUndefined();
    expect(table.retain('b')).toBeDefined();
  });

  it('never passes its limit and reads back what it took, whatever comes and goes', () => {
    const operation = fc.record({ text: fc.string({ maxLength: 20 }), release: fc.boolean() });
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 200 }), (operations) => {
        const table = new StringTable(1500);
        const held: { id: number; text: string }[] = [];
        for (const { text, release } of operations) {
          const gone = release ? held.shift() : undefined;
          if (gone) table.release(gone.id);
          const id = table.retain(text);
          if (id !== undefined) held.push({ id, text });
          expect(table.usedBytes).toBeLessThanOrEqual(table.limitBytes);
        }
        for (const { id, text } of held) expect(table.text(id)).toBe(text);
        expect(table.size).toBe(new Set(held.map(({ text }) => text)).size);
      }),
    );
  });
});
