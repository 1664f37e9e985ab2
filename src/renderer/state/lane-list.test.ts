import { describe, expect, it } from 'vitest';
import { ColumnClock } from './columns.ts';
import { frameRecord, laneRecord, slotRecord } from './fixtures.ts';
import { LaneHistory, rowsOf, trackCount, trackRows } from './lane-history.ts';
import { LaneList } from './lane-list.ts';

const start = 1_000_000;

function lanes() {
  const clock = new ColumnClock();
  const history = new LaneHistory();
  const list = new LaneList(history);
  const show = (afterMs: number, ...present: ReturnType<typeof laneRecord>[]): void => {
    list.apply(frameRecord(start + afterMs, { lanes: present }), clock.advance(start + afterMs), 100);
  };
  return { history, list, show };
}

describe('LaneList', () => {
  it('keeps the order, lets an ended lane linger and then forgets it', () => {
    const { list, show } = lanes();
    show(0, laneRecord(1), laneRecord(2));
    show(100, laneRecord(3), laneRecord(2));
    expect(list.views.map(({ lane, endedAt }) => [lane.id, endedAt === undefined])).toEqual([
      [1, false],
      [2, true],
      [3, true],
    ]);
    show(4200, laneRecord(3), laneRecord(2));
    expect(list.views.map(({ lane }) => lane.id)).toEqual([2, 3]);
  });

  it('says since when the diagnosis is what it is', () => {
    const { list, show } = lanes();
    show(0, laneRecord(1));
    show(100, laneRecord(1, { diagnosis: 'client-bound' }));
    show(200, laneRecord(1, { diagnosis: 'client-bound' }));
    expect(list.views[0]?.diagnosisSince).toBe(start + 100);
  });

  it('never needs more tracks than there are, however fast lanes come and go', () => {
    const { list, show } = lanes();
    for (let tick = 0; tick < 100; tick += 1) {
      show(tick * 100, ...Array.from({ length: 24 }, (_, index) => laneRecord(tick * 24 + index)));
      const tracks = list.views.map(({ track }) => track);
      expect(new Set(tracks).size).toBe(tracks.length);
      expect(tracks.length).toBeLessThanOrEqual(trackCount);
      const active = list.views.filter(({ endedAt }) => endedAt === undefined);
      expect(active).toHaveLength(24);
    }
  });
});

describe('LaneList in the past', () => {
  it('has the lanes of an instant and of a stretch, as long as their tracks are kept', () => {
    const { list, show } = lanes();
    show(0, laneRecord(1));
    for (let tick = 1; tick < 60; tick += 1) show(tick * 100, laneRecord(2));
    for (let tick = 60; tick < 70; tick += 1) show(tick * 100, laneRecord(3));
    const ids = (views: readonly { readonly lane: { readonly id: number } }[]) =>
      views.map(({ lane }) => lane.id);
    expect(ids(list.views)).toEqual([2, 3]);
    expect(ids(list.at(10_000))).toEqual([1]);
    expect(ids(list.at(10_055))).toEqual([2]);
    expect(ids(list.during({ right: 10_065, span: 60 }))).toEqual([1, 2, 3]);
    for (let lane = 10; lane < 80; lane += 1) show(7000 + lane * 100, laneRecord(lane));
    expect(ids(list.at(10_000))).toEqual([]);
  });
});

describe('LaneHistory', () => {
  it('shows an instant again: figures, slots with what is in them, and holes between them', () => {
    const { history, list, show } = lanes();
    const slots = [
      { ...slotRecord('draining'), start: 200, filledBytes: 100, sentBytes: 25, tier: 'disk' as const },
      { ...slotRecord('receiving'), start: 300, filledBytes: 50, attempt: 2, ageMs: 300 },
      { ...slotRecord('held'), start: 500, filledBytes: 100, ageMs: 30_000 },
    ];
    const lane = laneRecord(1, { slots, sentBytes: 225, mode: 'bounce', diagnosis: 'head-of-line' });
    show(0, lane);
    show(100, laneRecord(1));
    show(200);
    const track = list.views[0]?.track ?? -1;
    const then = history.laneAt(track, 10_000, laneRecord(1), 100);
    expect(then).toMatchObject({ sentBytes: 225, mode: 'bounce', diagnosis: 'head-of-line' });
    expect(then?.slots.map(({ state, start, ageMs, tier }) => ({ state, start, ageMs, tier }))).toEqual([
      { state: 'draining', start: 200, ageMs: 0, tier: 'disk' },
      { state: 'receiving', start: 300, ageMs: 300, tier: undefined },
      { state: 'held', start: 500, ageMs: 30_000, tier: undefined },
    ]);
    expect(then?.slots[0]?.sentBytes).toBe(25);
    expect(then?.slots[1]).toMatchObject({ filledBytes: 50, attempt: 2 });
    expect(history.laneAt(track, 10_001, lane, 100)).toMatchObject({ diagnosis: 'healthy', slots: [] });
    expect(history.laneAt(track, 10_002, lane, 100)).toBeUndefined();
    expect(history.laneAt(track, 9_999, lane, 100)).toBeUndefined();
  });

  it('says for how long a diagnosis had been so', () => {
    const { history, list, show } = lanes();
    show(0, laneRecord(1));
    for (let tick = 1; tick < 10; tick += 1) show(tick * 100, laneRecord(1, { diagnosis: 'store-bound' }));
    const track = list.views[0]?.track ?? -1;
    expect(history.diagnosedMs(track, 10_009)).toBe(800);
    expect(history.diagnosedMs(track, 10_000)).toBe(0);
  });

  it('records slots by row, carries them over a late frame and starts empty for the next lane', () => {
    const { history, list, show } = lanes();
    show(0, laneRecord(1, { slots: [slotRecord('receiving'), slotRecord('held')] }));
    show(300, laneRecord(1, { slots: [slotRecord('draining')] }));
    const track = list.views[0]?.track ?? -1;
    const row = (index: number): number[] =>
      [0, 1, 2, 3].map((column) => history.code(track, index, 10_000 + column));
    expect(row(0)).toEqual([3, 3, 3, 5]);
    expect(row(1)).toEqual([4, 4, 4, 0]);
    history.begin(track, 10_004);
    expect(row(0)).toEqual([0, 0, 0, 0]);
  });

  it('folds a window that is wider than a track', () => {
    const { history, list, show } = lanes();
    const slots = [...Array.from({ length: 63 }, () => slotRecord('held')), slotRecord('failed')];
    show(0, laneRecord(1, { window: 3, windowLimit: 64, slots }));
    const track = list.views[0]?.track ?? -1;
    expect(rowsOf(64)).toBe(trackRows);
    expect(history.code(track, 0, 10_000)).toBe(4);
    expect(history.code(track, 31, 10_000)).toBe(7);
  });
});
