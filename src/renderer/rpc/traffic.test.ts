import { describe, expect, it } from 'vitest';
import { traffic } from './traffic.ts';

describe('traffic', () => {
  it('is the mean of the last two seconds, and nothing when nothing comes any more', () => {
    traffic.count('x'.repeat(1000), 10_000);
    traffic.count(new ArrayBuffer(3000), 11_000);
    expect(traffic.bytesPerSecond(11_000)).toBe(2000);
    expect(traffic.bytesPerSecond(12_500)).toBe(1500);
    expect(traffic.bytesPerSecond(20_000)).toBe(0);
  });
});
