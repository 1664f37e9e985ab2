import { describe, expect, it } from 'vitest';
import { MiB } from '#shared/units.ts';
import { describe as inWords, RateMeter, showProgress, summarize } from './progress.ts';

class Screen {
  readonly isTTY: boolean;
  readonly columns = 60;
  readonly writes: string[] = [];

  constructor(isTTY: boolean) {
    this.isTTY = isTTY;
  }

  write(text: string): void {
    this.writes.push(text);
  }
}

describe('showProgress', () => {
  it('draws one line ten times a second at most, within the width, and clears it', () => {
    const screen = new Screen(true);
    let time = 0;
    {
      using progress = showProgress('file', screen, () => time);
      for (; time < 1000; time += 10) progress.update(time * 10_000, 100 * MiB);
    }
    expect(screen.writes).toHaveLength(1 + 10 + 1);
    expect(screen.writes.every((text) => text.startsWith('\r\u001B[K'))).toBe(true);
    expect(Math.max(...screen.writes.map((text) => text.length))).toBeLessThan(60 + 4);
    expect(screen.writes.at(-2)).toMatch(/file {2}8\.58 MiB of 100 MiB \(8 %\), 9\.54 MiB\/s, 9\.6 s left/);
    expect(screen.writes.at(-1)).toBe('\r\u001B[K');
  });

  it('writes nothing where there is no terminal', () => {
    const screen = new Screen(false);
    {
      using progress = showProgress('file', screen);
      progress.update(1, 2);
    }
    expect(screen.writes).toEqual([]);
  });
});

describe('what progress says', () => {
  it.each([
    [{ doneBytes: 0, totalBytes: undefined, bytesPerSecond: 0 }, '0 B'],
    [{ doneBytes: MiB, totalBytes: undefined, bytesPerSecond: MiB }, '1 MiB, 1 MiB/s'],
    [
      { doneBytes: MiB, totalBytes: 4 * MiB, bytesPerSecond: MiB },
      '1 MiB of 4 MiB (25 %), 1 MiB/s, 3.0 s left',
    ],
    [{ doneBytes: 0, totalBytes: 0, bytesPerSecond: 0 }, '0 B'],
  ])('of %j is %j', (state, words) => {
    expect(inWords(state)).toBe(words);
  });

  it('measures the rate over the last three seconds', () => {
    const meter = new RateMeter();
    expect(meter.bytesPerSecond).toBe(0);
    for (let time = 0; time <= 10_000; time += 100)
      meter.sample(time, time < 5000 ? 0 : (time - 5000) * 1000);
    expect(meter.bytesPerSecond).toBe(1_000_000);
  });

  it('sums up', () => {
    expect(summarize(412 * MiB, 2400)).toBe('412 MiB in 2.4 s (172 MiB/s)');
    expect(summarize(0, 0)).toBe('0 B in 0.0 ms');
  });
});
