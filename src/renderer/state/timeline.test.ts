import { describe, expect, it } from 'vitest';
import { columnMs } from './columns.ts';
import { spans, Timeline } from './timeline.ts';

/** A clock that a test moves. */
function clocked(latest = 100_000): {
  readonly timeline: Timeline;
  readonly advance: (columns: number) => void;
} {
  let now = latest;
  return { timeline: new Timeline(() => now), advance: (columns) => void (now += columns) };
}

const rangeOf = (from: number, to: number) => ({ from: from * columnMs, to: to * columnMs });

describe('a window of time', () => {
  it('follows the present', () => {
    const { timeline, advance } = clocked();
    advance(5);
    expect(timeline.window).toEqual({ right: 100_005, span: 1200 });
    expect(timeline.instant).toBeUndefined();
    expect(timeline.isLive).toBe(true);
  });

  it('goes through the choices and stops at the ends', () => {
    const { timeline } = clocked();
    for (let step = 0; step < 10; step += 1) timeline.scale(1);
    expect(timeline.minutes).toBe(spans.at(-1));
    for (let step = 0; step < 10; step += 1) timeline.scale(-1);
    expect(timeline.minutes).toBe(spans[0]);
  });

  it('zooms around the column under the pointer', () => {
    const { timeline } = clocked();
    timeline.zoom(99_400, 0.5);
    expect(timeline.window).toEqual({ right: 99_700, span: 600 });
    expect(timeline.minutes).toBeUndefined();
    timeline.zoom(99_400, 2);
    expect(timeline.window).toEqual({ right: 100_000, span: 1200 });
    expect(timeline.isLive).toBe(true);
  });

  it('never shows less than two seconds, nor what is not kept any more', () => {
    const { timeline } = clocked();
    timeline.zoom(99_999, 0.0001);
    expect(timeline.window.span).toBe(20);
    timeline.zoom(99_999, 1e9);
    expect(timeline.window.span).toBe(6000);
    timeline.pan(-1e6);
    expect(timeline.window.right).toBe(100_000);
  });

  it('follows again once it is moved back to the present', () => {
    const { timeline, advance } = clocked();
    timeline.pan(-300);
    advance(10);
    expect(timeline.window.right).toBe(99_700);
    expect(timeline.instant).toBe(99_700);
    timeline.pan(1000);
    advance(1);
    expect(timeline.window.right).toBe(100_011);
  });
});

describe('the pointer', () => {
  it('is at no instant before anything is recorded', () => {
    const { timeline, advance } = clocked(-1);
    timeline.point(-551);
    expect(timeline.instant).toBeUndefined();
    advance(100_000);
    timeline.point(99_000);
    expect(timeline.instant).toBe(99_000);
  });
});

describe('a pause', () => {
  it('stands at its instant while time goes on, and steps from there', () => {
    const { timeline, advance } = clocked();
    timeline.pause();
    advance(50);
    timeline.pause();
    expect(timeline.pausedAt).toBe(100_000 * columnMs);
    expect(timeline.window.right).toBe(100_000);
    timeline.step(-1);
    timeline.step(-1);
    expect(timeline.instant).toBe(99_998);
    for (let step = 0; step < 100; step += 1) timeline.step(1);
    expect(timeline.instant).toBe(100_050);
    timeline.resume();
    expect(timeline.pausedAt).toBeUndefined();
    expect(timeline.window.right).toBe(100_050);
  });

  it('is what stepping needs', () => {
    const { timeline } = clocked();
    timeline.step(-1);
    expect(timeline.instant).toBeUndefined();
  });
});

describe('a stretch', () => {
  it('narrows lists while it is brushed, fills the width once it is gone into, and is gone back out of', () => {
    const { timeline } = clocked();
    const outer = rangeOf(99_000, 99_500);
    const inner = rangeOf(99_100, 99_200);
    timeline.narrow(outer);
    expect(timeline.range).toEqual(outer);
    expect(timeline.window.span).toBe(1200);
    timeline.commit();
    expect(timeline.window).toEqual({ right: 99_500, span: 500 });
    timeline.narrow(inner);
    timeline.commit();
    expect([timeline.trail, timeline.range]).toEqual([[outer, inner], inner]);
    timeline.back();
    expect([timeline.trail, timeline.window.span]).toEqual([[outer], 500]);
    timeline.back();
    expect([timeline.trail, timeline.range]).toEqual([[], undefined]);
    expect(timeline.isLive).toBe(true);
  });

  it('goes first when something is brushed in it', () => {
    const { timeline } = clocked();
    timeline.narrow(rangeOf(99_000, 99_500));
    timeline.commit();
    timeline.narrow(rangeOf(99_100, 99_200));
    timeline.back();
    expect(timeline.range).toEqual(rangeOf(99_000, 99_500));
  });
});

describe('an address', () => {
  it('has the whole position, without the pointer', () => {
    const { timeline } = clocked();
    timeline.narrow(rangeOf(99_000, 99_500));
    timeline.commit();
    timeline.narrow(rangeOf(99_100, 99_200));
    timeline.pause();
    const other = clocked(123_456).timeline;
    timeline.point(99_150);
    other.restore(timeline.position);
    expect(other.position).toEqual(timeline.position);
    expect(other.window).toEqual(timeline.window);
    expect(other.hover).toBeUndefined();
  });
});
