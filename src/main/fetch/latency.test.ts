import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { durationBoundsSeconds, Histogram } from '#main/telemetry/histogram.ts';
import { Latency, Quantiles } from './latency.ts';

describe('quantiles', () => {
  it('say nothing before there are twenty values', () => {
    const quantiles = new Quantiles();
    for (let count = 0; count < 19; count += 1) quantiles.add(1);
    expect(quantiles.at(0.5)).toBeUndefined();
    quantiles.add(1);
    expect(quantiles.at(0.5)).toBe(1);
  });

  it('are those of the last 256 values', () => {
    const values = fc.array(fc.double({ min: 0, max: 1000, noNaN: true }), { minLength: 20, maxLength: 600 });
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (values, quantile) => {
        const quantiles = new Quantiles();
        for (const value of values) {
          quantiles.add(value);
          quantiles.at(quantile);
        }
        const recent = values.slice(-256).sort((a, b) => a - b);
        expect(quantiles.at(quantile)).toBe(
          recent[Math.min(recent.length - 1, Math.floor(quantile * recent.length))],
        );
      }),
    );
  });
});

describe('latency', () => {
  it('knows how long a body takes by those that were long enough to tell', () => {
    const latency = new Latency();
    for (let count = 0; count < 30; count += 1) {
      latency.addBody(1_000_000, 100);
      latency.addBody(1000, 100);
    }
    expect(latency.bodyMs(5_000_000)).toBeCloseTo(500);
  });

  it('reckons with the slow ones of late', () => {
    const latency = new Latency();
    expect(latency.typicalMs).toBe(0);
    for (let count = 0; count < 200; count += 1) latency.addFetch(count % 5 === 0 ? 400 : 100);
    expect(latency.typicalMs).toBeCloseTo(400, 0);
  });
});

describe('a histogram', () => {
  it('counts each duration in the first bucket that it fits into', () => {
    const histogram = new Histogram();
    for (const milliseconds of [1, 1.1, 60_000, 60_001]) histogram.add(milliseconds);
    const { counts, sumSeconds } = histogram.reading;
    expect(counts).toHaveLength(durationBoundsSeconds.length + 1);
    expect([counts[0], counts[1], counts.at(-2), counts.at(-1)]).toEqual([1, 1, 1, 1]);
    expect(sumSeconds).toBeCloseTo(120.0031);
  });
});
