import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { maxSamples } from '#shared/experiment/outcome.ts';
import { Curve } from './curve.ts';

it('a curve is bounded, in order, and has its beginning and its end', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8000 }), fc.integer({ min: 10, max: 400 }), (count, stepMs) => {
      const curve = new Curve();
      for (let index = 0; index < count; index += 1) curve.add([index * stepMs, index, 0]);
      curve.add([count * stepMs, count, 0], 'last');
      const times = curve.samples.map(([atMs]) => atMs);
      expect(times.length).toBeLessThanOrEqual(maxSamples);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect([times[0], times.at(-1)]).toEqual([0, count * stepMs]);
    }),
    { numRuns: 30 },
  );
});
