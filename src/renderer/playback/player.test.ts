import * as fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Frame } from '#shared/model.ts';
import type { RecordingRecord } from '#shared/recording/records.ts';
import { LiveStore } from '../state/live-store.ts';
import { Timeline } from '../state/timeline.ts';
import { blocksOfFile } from './block-source.ts';
import { Blocks } from './blocks.ts';
import type { Pace } from './pace.ts';
import { Player } from './player.ts';
import { fileOf, framesOfNight, inBlocks, recordsOf, sourceOfBytes, startAt } from './recording.fixture.ts';

/** Knows whether any is being read. */
class WatchedBlocks extends Blocks {
  reading = 0;

  override async text(index: number): Promise<string> {
    this.reading += 1;
    try {
      return await super.text(index);
    } finally {
      this.reading -= 1;
    }
  }
}

/** A clock that goes when it is told to. */
class TestPace implements Pace {
  blocks: WatchedBlocks | undefined;
  #now = 0;
  #next: (() => void) | undefined;

  readonly now = (): number => this.#now;

  readonly next = (go: () => void): (() => void) => {
    this.#next = go;
    return () => (this.#next = undefined);
  };

  /** So many milliseconds of the wall's clock, in ticks of 50; whatever is read meanwhile is there at the next. */
  async run(milliseconds: number): Promise<void> {
    for (let left = milliseconds; left > 0; left -= 50) {
      this.#now += 50;
      const go = this.#next;
      this.#next = undefined;
      go?.();
      do await new Promise((resolve) => setTimeout(resolve, 0));
      while (this.blocks && this.blocks.reading > 0);
    }
  }
}

const night = framesOfNight(100);
const lastAt = night.at(-1)?.at ?? 0;
const noted: readonly RecordingRecord[] = [
  { kind: 'mark', at: startAt + 9000, mark: { id: 'm', at: startAt + 8000, note: 'it begins' } },
  {
    kind: 'alert',
    at: startAt + 70_000,
    alert: {
      id: 'a',
      rule: 'client-bound',
      state: 'firing',
      at: startAt + 70_000,
      value: 1,
      threshold: 1,
      text: 'a client takes nothing',
    },
  },
];
const records = [...recordsOf(night), ...noted].toSorted((a, b) => a.at - b.at);

const players: Player[] = [];
afterEach(() => {
  for (const player of players.splice(0)) player.close();
});

async function playerOf(bytes: Uint8Array) {
  const store = new LiveStore(() => undefined, 'recording');
  const timeline = new Timeline(() => store.clock.latest);
  const pace = new TestPace();
  const blocks = new WatchedBlocks(await blocksOfFile(sourceOfBytes(bytes)));
  pace.blocks = blocks;
  const player = new Player({ blocks, store, timeline, repaint: () => undefined, pace });
  players.push(player);
  return { store, timeline, pace, player, blocks };
}

/** Everything that the views would show. */
function shownBy(store: LiveStore) {
  const { clock, memory, lanes, requests, currentFrame } = store;
  const columns = [];
  for (let column = clock.first; column <= clock.latest; column += 7)
    columns.push([clock.kind(column), ...(clock.isKnown(column) ? [memory.value('ledger', column)] : [])]);
  const rows = [];
  for (let number = requests.first; number < requests.next; number += 1) rows.push(requests.row(number)?.seq);
  return {
    at: currentFrame?.at,
    latest: clock.latest,
    columns,
    requests: memory.sum('requests', clock.first, clock.latest),
    failures: memory.sum('failures', clock.first, clock.latest),
    lanes: lanes.views.map(({ lane, endedAt, diagnosisSince }) => ({ lane, endedAt, diagnosisSince })),
    past: lanes.at(clock.latest - 100).map((view) => store.laneAt(view, clock.latest - 100)),
    rows,
    bars: store.strip.count(0, Number.POSITIVE_INFINITY),
  };
}

/** What the stores have when these frames came one after the other. */
function playedThrough(store: LiveStore, frames: readonly Frame[], at: number) {
  store.clear();
  for (const frame of frames) if (frame.at <= at) store.take(frame);
  return shownBy(store);
}

describe('a player', () => {
  it('shows any instant as it was shown live, whichever way one gets there', async () => {
    const { player, store } = await playerOf(await fileOf(inBlocks(records)));
    const reference = new LiveStore(() => undefined, 'recording');
    const instant = fc.integer({ min: startAt, max: lastAt });
    await fc.assert(
      fc.asyncProperty(fc.array(instant, { minLength: 1, maxLength: 4 }), async (instants) => {
        for (const at of instants) await player.seek(at);
        const at = instants.at(-1) ?? 0;
        expect(player.position).toBe(at);
        expect(shownBy(store)).toEqual(playedThrough(reference, night, at));
      }),
      { numRuns: 10 },
    );
  }, 60_000);

  it('plays at its rate, and comes to the same as going there', async () => {
    const { player, store, pace } = await playerOf(await fileOf(inBlocks(records)));
    await player.seek(startAt);
    player.setRate(4);
    player.play();
    await pace.run(5000);
    expect(player.position).toBe(startAt + 20_000);
    player.setRate(0.5);
    await pace.run(2000);
    expect(player.position).toBe(startAt + 21_000);
    player.pause();
    await pace.run(2000);
    expect(player.position).toBe(startAt + 21_000);
    const reference = new LiveStore(() => undefined, 'recording');
    expect(shownBy(store)).toEqual(playedThrough(reference, night, startAt + 21_000));
  });

  it('stops at the end, and begins anew when it is started there', async () => {
    const { player, pace } = await playerOf(await fileOf(inBlocks(records)));
    await player.seek(lastAt - 1000);
    player.play();
    await pace.run(3000);
    expect(player.isPlaying).toBe(false);
    expect(player.position).toBe(lastAt);
    player.play();
    expect(player.position).toBe(startAt);
  });

  it('steps from frame to frame, and goes from flag to flag', async () => {
    const { player, store } = await playerOf(await fileOf(inBlocks(records)));
    expect(player.flags.map(({ kind, at }) => [kind, at - startAt])).toEqual([
      ['mark', 8000],
      ['alert', 70_000],
    ]);
    await player.seek(startAt + 2100);
    expect(store.currentFrame?.at).toBe(startAt + 2000);
    await player.step(1);
    expect(store.currentFrame?.at).toBe(startAt + 2200);
    await Promise.all([player.step(-1), player.step(-1)]);
    expect(store.currentFrame?.at).toBe(startAt + 1800);
    await player.jump(1);
    expect(player.position).toBe(startAt + 8000);
    await player.jump(1);
    expect(player.position).toBe(startAt + 70_000);
    await player.jump(1);
    expect(player.position).toBe(startAt + 70_000);
    await player.jump(-1);
    expect(player.position).toBe(startAt + 8000);
    await player.seek(startAt);
    await player.step(-1);
    expect(player.position).toBe(startAt);
  });

  it('reads more of the past when more is looked at, and no more than that', async () => {
    const long = framesOfNight(400);
    const { player, store, timeline } = await playerOf(await fileOf(inBlocks(recordsOf(long))));
    const at = startAt + 380_000;
    await player.seek(at);
    const begin = (): number => store.clock.first * 100;
    expect(begin()).toBeGreaterThanOrEqual(at - 2 * 60_000);
    timeline.show(5);
    // While it is filled anew it has been at this instant for a while, or is not there yet.
    await expect
      .poll(() => store.currentFrame?.at === at && begin() < at - 4 * 60_000, { timeout: 20_000 })
      .toBe(true);
    expect(begin()).toBeGreaterThanOrEqual(at - 5 * 60_000);
  }, 60_000);

  it('plays what is whole of a file that was cut off or is damaged, and counts the rest', async () => {
    const whole = await fileOf(inBlocks(records), 'open');
    const cut = await playerOf(whole.slice(0, Math.floor(whole.length / 2)));
    expect(cut.blocks.facts.unfinishedBytes).toBeGreaterThan(0);
    expect(cut.player.lastAt).toBeLessThan(lastAt);
    await cut.player.seek(lastAt);
    const reference = new LiveStore(() => undefined, 'recording');
    expect(shownBy(cut.store)).toEqual(playedThrough(reference, night, cut.player.lastAt));

    // In a file with an index damage is found when the block is read.
    const closed = await fileOf(inBlocks(recordsOf(night)));
    const damaged = closed.slice();
    const place = Math.floor(damaged.length / 3);
    damaged[place] = (damaged[place] ?? 0) ^ 0xff;
    const { player, store } = await playerOf(damaged);
    await player.seek(lastAt);
    expect(player.lost.blocks).toBe(1);
    const kinds = new Set<number>();
    for (let column = store.clock.first; column <= store.clock.latest; column += 1)
      kinds.add(store.clock.kind(column));
    expect(kinds).toContain(3);
    expect(store.currentFrame?.at).toBe(lastAt);
  });

  it('says why it cannot go on when what it reads from fails', async () => {
    const source = await blocksOfFile(sourceOfBytes(await fileOf(inBlocks(records))));
    const store = new LiveStore(() => undefined, 'recording');
    const timeline = new Timeline(() => store.clock.latest);
    const read = (): Promise<never> => Promise.reject(new Error('the server is gone'));
    const blocks = new Blocks({ ...source, read });
    const player = new Player({ blocks, store, timeline, repaint: () => undefined, pace: new TestPace() });
    players.push(player);
    await player.seek(startAt + 5000);
    expect(player.failure).toBe('the server is gone');
    expect(player.filling).toBeUndefined();
  });
});
