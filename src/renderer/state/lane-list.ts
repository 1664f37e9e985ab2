/**
 * Which lanes are shown, in an order that does not jump: new lanes come last, and a lane that has ended stays, grey,
 * for some seconds before it leaves. Each has a track of the lane history while it is shown.
 */
import type { Frame, Lane } from '#shared/model.ts';
import type { Advance } from './columns.ts';
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

  apply(frame: Frame, advance: Advance): void {
    const present = new Map(frame.lanes.map((lane) => [lane.id, lane]));
    for (const view of this.#views) this.#update(view, present, frame.at);
    this.#views = this.#views.filter((view) => this.#keeps(view, frame.at));
    for (const lane of present.values()) this.#begin(lane, frame.at, advance.column);
    this.#hidden = frame.lanesHidden;
    for (const view of this.#views) {
      this.#history.record(view.track, view.endedAt === undefined ? view.lane : undefined, advance);
    }
  }

  /** Another server answers: its lanes have nothing to do with these. */
  clear(): void {
    for (const view of this.#views) this.#free.push(view.track);
    this.#views = [];
    this.#hidden = 0;
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

  #keeps(view: LaneView, at: number): boolean {
    if (view.endedAt === undefined || Math.abs(at - view.endedAt) < lingerMs) return true;
    this.#free.push(view.track);
    return false;
  }

  #begin(lane: Lane, at: number, column: number): void {
    const track = this.#free.pop() ?? this.#reclaim();
    if (track === undefined) {
      return;
    }
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
