import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fit, keepPlace, placeFor, readPlaces, type DisplayArea, type WindowPlace } from './window-place.ts';

const laptop: DisplayArea = { id: '1', workArea: { x: 0, y: 25, width: 1440, height: 875 } };
const monitor: DisplayArea = { id: '2', workArea: { x: 1440, y: 0, width: 2560, height: 1440 } };
const left: WindowPlace = {
  bounds: { x: 1600, y: 200, width: 1800, height: 1000 },
  isMaximised: true,
  zoom: 1.25,
};

describe('where a window opens', () => {
  it('is the middle of the first display, at first', () => {
    expect(placeFor({ displays: {} }, [laptop, monitor])).toEqual({
      bounds: { x: 80, y: 63, width: 1280, height: 800 },
      isMaximised: false,
      zoom: 1,
    });
  });

  it('is where it was left, on the display where that was', () => {
    const places = keepPlace({ displays: {} }, '2', left);
    expect(placeFor(places, [laptop, monitor])).toEqual(left);
  });

  it('is as it was left on another display while that one is away', () => {
    const onLaptop = { ...left, bounds: { x: 10, y: 30, width: 1000, height: 700 }, zoom: 1 };
    const places = keepPlace(keepPlace({ displays: {} }, '1', onLaptop), '2', left);
    expect(placeFor(places, [laptop])).toEqual(onLaptop);
    expect(placeFor(places, [laptop, monitor])).toEqual(left);
  });

  it('is always within reach, whatever was kept', () => {
    const rectangle = fc.record({
      x: fc.integer({ min: -9000, max: 9000 }),
      y: fc.integer({ min: -9000, max: 9000 }),
      width: fc.integer({ min: 0, max: 9000 }),
      height: fc.integer({ min: 0, max: 9000 }),
    });
    fc.assert(
      fc.property(rectangle, (bounds) => {
        const fitted = fit(bounds, monitor.workArea);
        expect(fitted.x).toBeGreaterThanOrEqual(monitor.workArea.x);
        expect(fitted.y).toBeGreaterThanOrEqual(monitor.workArea.y);
        expect(fitted.x + fitted.width).toBeLessThanOrEqual(1440 + 2560);
        expect(fitted.y + fitted.height).toBeLessThanOrEqual(1440);
        expect(fitted.width).toBeGreaterThanOrEqual(900);
        expect(fitted.height).toBeGreaterThanOrEqual(600);
      }),
    );
  });

  it('comes back from what was written, and from nothing of what somebody broke', () => {
    const places = keepPlace({ displays: {} }, '2', left);
    expect(readPlaces(JSON.stringify(places))).toEqual(places);
    for (const broken of ['', '{', '[]', 'null', '{"displays":{"1":{"bounds":{"x":"a"}}}}']) {
      expect(readPlaces(broken).displays).toEqual({});
    }
  });

  it('is kept for a bounded number of displays', () => {
    let places = { displays: {} } as ReturnType<typeof readPlaces>;
    for (let id = 100; id < 140; id += 1) places = keepPlace(places, `display ${id}`, left);
    expect(Object.keys(places.displays)).toHaveLength(16);
    expect(places.last).toBe('display 139');
  });
});
