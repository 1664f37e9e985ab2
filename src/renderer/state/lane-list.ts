/**
 * Which lanes are shown, in an order that does not jump: new lanes come last, and a lane that has ended stays, grey,
 * for some seconds before it leaves. Its track is kept after that until another lane needs one, so that earlier
 * instants can be shown again.
 */
import type { Frame, Lane } from '#shared/model.ts';
import type { TimeWindow } from './axis.ts';
import { type Advance, columnMs } from './columns.ts';
import { type LaneHistory, trackCount } from './lane-history.ts';

const lingerMs = 4000;

export interface LaneView {
  readonly track: number;
  /** The lane as it was last seen. */
  lane: Lane;
  /** Since when its diagnosis is what it is. */
  diagnosisSince: number;
  /** When it was first missing in a frame. */
  endedAt: number | undefined;
}

export class LaneList {
  readonly #history: LaneHistory;
  readonly #free = Array.from({ length: trackCount }, (_, track) => trackCount - 1 - track);
  #views: LaneView[] = [];
  /** Left the list, and still have their tracks; the first ended first. */
  #past: LaneView[] = [];
  #hidden = 0;

  constructor(history: LaneHistory) {
    this.#history = history;
  }

  get views(): readonly LaneView[] {
    return this.#views;
  }

  /** Lanes that the server has but did not send. */
  get hidden(): number {
    return this.#hidden;
  }

  /** The lanes that were in the list at a column, as far as their tracks are kept. */
  at(column: number): readonly LaneView[] {
    return this.#within(column, column);
  }

  /** The lanes that were in the list at some column of a window. */
  during({ right, span }: TimeWindow): readonly LaneView[] {
    return this.#within(right - span + 1, right);
  }

  #within(from: number, to: number): readonly LaneView[] {
    return [...this.#past, ...this.#views]
      .filter(
        ({ track, endedAt }) =>
          this.#history.firstColumn(track) <= to &&
          (endedAt === undefined || (endedAt + lingerMs) / columnMs >= from),
      )
      .toSorted((a, b) => a.lane.startedAt - b.lane.startedAt);
  }

  apply(frame: Frame, advance: Advance, chunkBytes: number): void {
    if (advance.kind === 'restart') this.#forgetPast();
    const present = new Map(frame.lanes.map((lane) => [lane.id, lane]));
    for (const view of this.#views) this.#update(view, present, frame.at);
    const leaving = this.#views.filter((view) => !keeps(view, frame.at));
    if (leaving.length > 0) {
      this.#past.push(...leaving);
      this.#views = this.#views.filter((view) => keeps(view, frame.at));
    }
    for (const lane of present.values()) this.#begin(lane, frame.at, advance.column);
    this.#hidden = frame.lanesHidden;
    for (const view of this.#views) {
      const lane = view.endedAt === undefined ? view.lane : undefined;
      this.#history.record(view.track, lane, advance, chunkBytes);
    }
  }

  /** Another server answers: its lanes have nothing to do with these. */
  clear(): void {
    this.#forgetPast();
    for (const view of this.#views) this.#free.push(view.track);
    this.#views = [];
    this.#hidden = 0;
  }

  #forgetPast(): void {
    for (const view of this.#past) this.#free.push(view.track);
    this.#past = [];
  }

  #update(view: LaneView, present: Map<number, Lane>, at: number): void {
    const lane = present.get(view.lane.id);
    if (!lane) {
      view.endedAt ??= at;
      return;
    }
    if (lane.diagnosis !== view.lane.diagnosis) view.diagnosisSince = at;
    view.lane = lane;
    view.endedAt = undefined;
    present.delete(lane.id);
  }

  #begin(lane: Lane, at: number, column: number): void {
    const track = this.#free.pop() ?? this.#past.shift()?.track ?? this.#reclaim();
    if (track === undefined) return;
    this.#history.begin(track, column);
    this.#views.push({ track, lane, diagnosisSince: at, endedAt: undefined });
  }

  /** The track of the lane that ended first. */
  #reclaim(): number | undefined {
    const ended = this.#views.filter((view) => view.endedAt !== undefined);
    const [oldest] = ended.sort((a, b) => (a.endedAt ?? 0) - (b.endedAt ?? 0));
    if (oldest) this.#views = this.#views.filter((view) => view !== oldest);
    return oldest?.track;
  }
}

function keeps({ endedAt }: LaneView, at: number): boolean {
  return endedAt === undefined || Math.abs(at - endedAt) < lingerMs;
}
