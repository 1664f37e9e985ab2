import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { Coverage } from './waste.ts';

it('counts each byte once, in whatever order and however often it comes', () => {
  const span = fc.tuple(fc.nat({ max: 100 }), fc.nat({ max: 30 }));
  fc.assert(
    fc.property(fc.array(span), (spans) => {
      const coverage = new Coverage();
      const seen = new Set<number>();
      for (const [start, length] of spans) {
        const before = seen.size;
        for (let at = start; at < start + length; at += 1) seen.add(at);
        expect(coverage.add(start, start + length)).toBe(seen.size - before);
        expect(coverage.bytes).toBe(seen.size);
      }
    }),
  );
});
