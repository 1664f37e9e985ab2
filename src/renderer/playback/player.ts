/**
 * Plays a recording into the stores that the views read: they show an instant of it exactly as they showed it when it
 * was now. Going to an instant fills the stores with the time before it, as far back as is looked at; what was there
 * is forgotten, so that going there by any way comes to the same.
 */
import { messageOf } from '#shared/errors.ts';
import { columnMs } from '../state/columns.ts';
import type { LiveStore } from '../state/live-store.ts';
import { Signal } from '../state/signal.ts';
import { spans, type Timeline } from '../state/timeline.ts';
import type { Blocks } from './blocks.ts';
import { type Flag, flagFrom, flagsOf } from './flags.ts';
import { type Pace, screenPace } from './pace.ts';
import type { Rate } from './rates.ts';
import { frameBeside, Track } from './track.ts';

/** How much is read ahead while it plays, in milliseconds of the wall's clock. */
const aheadMs = 2000;
/** The longest step between two ticks: a page that was asleep goes on where it was. */
const longestTickMs = 1000;
/** How often filling says how far it is. */
const tellMs = 100;

export interface PlayerOptions {
  readonly blocks: Blocks;
  readonly store: LiveStore;
  readonly timeline: Timeline;
  /** What is painted is stale: another instant is shown. */
  readonly repaint: () => void;
  readonly pace?: Pace;
}

export class Player {
  /** It plays or does not, at another rate; it fills or is done; it went to another instant. */
  readonly changed = new Signal(0);
  /** The instant that is shown, at the pace of a picture. */
  readonly moved = new Signal(100);
  readonly flags: readonly Flag[];
  readonly firstAt: number;
  readonly lastAt: number;
  readonly #blocks: Blocks;
  readonly #store: LiveStore;
  readonly #timeline: Timeline;
  readonly #repaint: () => void;
  readonly #pace: Pace;
  readonly #track: Track;
  readonly #leave: () => void;
  #position: number;
  #rate: Rate = 1;
  #isPlaying = false;
  #tickedAt = 0;
  #cancelTick = (): void => undefined;
  /** The stores have everything from here on; nothing yet. */
  #filledFrom = Number.POSITIVE_INFINITY;
  #wanted: number | undefined;
  #work: Promise<void> | undefined;
  #steps: Promise<void> = Promise.resolve();
  #share: number | undefined;
  #isReading = false;
  #failure: string | undefined;
  #isClosed = false;

  constructor({ blocks, store, timeline, repaint, pace = screenPace }: PlayerOptions) {
    this.#blocks = blocks;
    this.#store = store;
    this.#timeline = timeline;
    this.#repaint = repaint;
    this.#pace = pace;
    this.#track = new Track(blocks);
    this.flags = flagsOf(blocks.facts.events);
    this.firstAt = blocks.facts.blocks[0]?.firstAt ?? 0;
    this.lastAt = blocks.facts.blocks.reduce((last, { lastAt }) => Math.max(last, lastAt), this.firstAt);
    this.#position = this.lastAt;
    this.#leave = timeline.settled.subscribe(() => this.#deepen());
  }

  /** The instant that is shown, or gone to; milliseconds since the epoch. */
  get position(): number {
    return this.#wanted ?? this.#position;
  }

  get isPlaying(): boolean {
    return this.#isPlaying;
  }

  get rate(): Rate {
    return this.#rate;
  }

  /** The share of what is being filled; `undefined` while nothing is. */
  get filling(): number | undefined {
    return this.#share;
  }

  /** Why nothing more can be read: a sentence. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** Frames that could not be read, and blocks that are damaged or gone, as far as has been seen. */
  get lost(): { readonly frames: number; readonly blocks: number } {
    return { frames: this.#track.unreadable, blocks: this.#blocks.damaged };
  }

  /** From the beginning when it is at its end. */
  play(): void {
    if (this.#isPlaying || this.#isClosed) return;
    if (this.position >= this.lastAt) void this.#goTo(this.firstAt);
    this.#isPlaying = true;
    this.#tickedAt = this.#pace.now();
    this.#cancelTick = this.#pace.next(this.#tick);
    this.changed.touch();
  }

  pause(): void {
    if (!this.#isPlaying) return;
    this.#isPlaying = false;
    this.#cancelTick();
    this.changed.touch();
  }

  toggle(): void {
    if (this.#isPlaying) this.pause();
    else this.play();
  }

  setRate(rate: Rate): void {
    this.#rate = rate;
    this.changed.touch();
  }

  /** Shows an instant. Resolves when it is shown, or another is. */
  async seek(at: number): Promise<void> {
    if (!this.#timeline.isLive) this.#timeline.resume();
    await this.#goTo(at);
  }

  /** The frame before (-1) or after (1), standing still. */
  async step(direction: -1 | 1): Promise<void> {
    this.pause();
    // Each begins where the one before it has come to.
    const step = this.#steps.then(() =>
      this.#attempt(async () => {
        const at = await frameBeside(this.#blocks, this.position, direction);
        if (at !== undefined) await this.seek(at);
      }),
    );
    this.#steps = step;
    await step;
  }

  /** The next flag (1), or the one before (-1). */
  async jump(direction: -1 | 1): Promise<void> {
    const flag = flagFrom(this.flags, this.position, direction);
    if (flag) await this.seek(flag.at);
  }

  /** Opens at an instant: the time that the address shows stays as it is. */
  async open(at: number): Promise<void> {
    await this.#goTo(at);
  }

  /** Nothing is played, and nothing is read any more. */
  close(): void {
    this.pause();
    this.#isClosed = true;
    this.#leave();
  }

  #goTo(at: number): Promise<void> {
    this.#wanted = Math.min(this.lastAt, Math.max(this.firstAt, at));
    this.moved.touch();
    this.changed.touch();
    this.#work ??= this.#attempt(() => this.#fillWanted()).finally(() => {
      this.#work = undefined;
      this.#share = undefined;
      this.changed.touch();
    });
    return this.#work;
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.#failure = undefined;
    } catch (error) {
      this.#failure = messageOf(error);
      this.#wanted = undefined;
      this.pause();
    }
  }

  /** While it fills for one instant, the next may be wanted already. */
  async #fillWanted(): Promise<void> {
    while (this.#wanted !== undefined && !this.#isClosed) {
      const at = this.#wanted;
      await this.#fill(at);
      this.#position = at;
      if (this.#wanted === at) this.#wanted = undefined;
      this.#tickedAt = this.#pace.now();
      this.#store.settle();
      this.#repaint();
      this.moved.touch();
    }
  }

  /** The stores get the time before an instant, anew unless what they have leads there. */
  async #fill(at: number): Promise<void> {
    const from = at - this.#depthMs();
    const shownAt = this.#store.currentFrame?.at ?? Number.POSITIVE_INFINITY;
    const begin = Math.max(from, this.firstAt);
    if (shownAt > at || shownAt < from || this.#filledFrom > begin) {
      this.#store.clear();
      this.#track.goTo(from);
      this.#filledFrom = begin;
    }
    const started = this.#store.currentFrame?.at ?? begin;
    let toldAt = this.#pace.now();
    this.#takeUntil(at, from);
    while (this.#track.knownUntil <= at && !this.#isClosed) {
      if (!(await this.#track.read())) break;
      this.#takeUntil(at, from);
      if (this.#pace.now() - toldAt < tellMs) continue;
      toldAt = this.#pace.now();
      this.#share = Math.min(1, (this.#track.knownUntil - started) / (at - started + 1));
      this.changed.touch();
    }
  }

  /** How much of the past is looked at: one of the choices, or all that can be. */
  #depthMs(): number {
    const { right, span } = this.#timeline.window;
    const shown = Math.max(0, this.#store.clock.latest);
    const columns = this.#timeline.isLive || shown === 0 ? span : shown - right + span;
    const neededMs = columns * columnMs;
    const minutes = spans.find((each) => each > 1 && each * 60_000 >= neededMs) ?? 10;
    return minutes * 60_000;
  }

  /** More of the past is looked at than there is. */
  #deepen(): void {
    if (this.#wanted !== undefined || this.#work || !this.#store.currentFrame) return;
    if (this.#filledFrom <= Math.max(this.firstAt, this.#position - this.#depthMs())) return;
    void this.#goTo(this.#position);
  }

  #takeUntil(at: number, from: number): number {
    let taken = 0;
    for (let frame = this.#track.take(at); frame; frame = this.#track.take(at)) {
      if (frame.at < from) continue;
      // Numbers of requests that begin anew are of a server that has.
      if (frame.cursor < this.#store.cursor()) this.#store.startRun();
      this.#store.take(frame);
      taken += 1;
    }
    return taken;
  }

  readonly #tick = (): void => {
    const now = this.#pace.now();
    const elapsedMs = Math.min(longestTickMs, now - this.#tickedAt);
    this.#tickedAt = now;
    if (!this.#isPlaying) return;
    if (!this.#work) this.#advance(elapsedMs * this.#rate);
    if (this.#isPlaying) this.#cancelTick = this.#pace.next(this.#tick);
  };

  #advance(milliseconds: number): void {
    const known = Math.min(this.lastAt, this.#track.knownUntil - 1);
    const to = Math.max(this.#position, Math.min(this.#position + milliseconds, known));
    const taken = this.#takeUntil(to, Number.NEGATIVE_INFINITY);
    this.#position = to;
    if (taken > 0) this.#store.settle();
    this.moved.touch();
    if (to >= this.lastAt) this.pause();
    else if (this.#track.knownUntil - to < aheadMs * this.#rate) void this.#readAhead();
  }

  async #readAhead(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    await this.#attempt(async () => {
      await this.#track.read();
    });
    this.#isReading = false;
  }
}
