/**
 * Everything the Live view shows, in a fixed amount of memory: the present frame, ten minutes of history and the
 * newest requests. Plain data; React watches the signals, canvases read the rings when they paint.
 */
import type { Frame, Hello, Lane } from '#shared/model.ts';
import type { FollowSink } from '../rpc/follow.ts';
import { ColumnClock, columnMs } from './columns.ts';
import { Flags } from './flags.ts';
import { FrameRate } from './frame-rate.ts';
import { LaneHistory } from './lane-history.ts';
import { LaneList, type LaneView } from './lane-list.ts';
import { MemoryHistory } from './memory-history.ts';
import { RequestStore } from './request-store.ts';
import { RequestStrip } from './request-strip.ts';
import { Signal, textIntervalMs } from './signal.ts';

export type ConnectionState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'lost'; readonly reason: string; readonly retryAt: number; readonly attempt: number };

export class LiveStore implements FollowSink {
  readonly clock = new ColumnClock();
  readonly memory = new MemoryHistory(this.clock);
  readonly laneHistory = new LaneHistory();
  readonly lanes = new LaneList(this.laneHistory);
  readonly requests = new RequestStore();
  readonly strip = new RequestStrip();
  /** Alerts and marks at their times. Whoever fills the store fills them. */
  readonly flags = new Flags();
  readonly rate = new FrameRate();
  /** Text: at most four times a second. One for each part of the view, so that they do not all render at once. */
  readonly changed = {
    memory: new Signal(textIntervalMs, 0),
    lanes: new Signal(textIntervalMs, 80),
    requests: new Signal(textIntervalMs, 160),
  };
  /** Connection and hello: at once. */
  readonly connectionChanged = new Signal(0);
  /** What time it is where this comes from: filters that speak of minutes ago count from it. */
  readonly now: () => number;
  readonly #paint: () => void;
  #connection: ConnectionState = { kind: 'connecting' };
  #hello: Hello | undefined;
  #frame: Frame | undefined;
  #cursor = -1;
  #hasBeenLost = false;

  /** `paint` is called after each frame: canvases have something new. `source`: frames are of the present, or of a recording. */
  constructor(paint: () => void, source: 'live' | 'recording' = 'live') {
    this.#paint = paint;
    this.now = source === 'live' ? Date.now : () => this.#frame?.at ?? 0;
  }

  get connection(): ConnectionState {
    return this.#connection;
  }

  /** True from the first failure until the server answers: the console says so also while it tries again. */
  get hasBeenLost(): boolean {
    return this.#hasBeenLost;
  }

  get currentHello(): Hello | undefined {
    return this.#hello;
  }

  /** The newest frame, kept when the connection is lost. */
  get currentFrame(): Frame | undefined {
    return this.#frame;
  }

  /** Bytes that the stores use, and the most that they ever will. */
  get footprint(): { readonly usedBytes: number; readonly limitBytes: number } {
    const fixed = [this.clock, this.memory, this.laneHistory, this.strip].reduce(
      (sum, { byteLength }) => sum + byteLength,
      0,
    );
    const { usedBytes, limitBytes } = this.requests.memory;
    const flags = this.flags.footprint;
    return {
      usedBytes: fixed + usedBytes + flags.usedBytes,
      limitBytes: fixed + limitBytes + flags.limitBytes,
    };
  }

  readonly cursor = (): number => this.#cursor;

  readonly connecting = (): void => this.#connect({ kind: 'connecting' });

  readonly lost = (reason: string, retryAt: number, attempt: number): void => {
    this.rate.reset();
    this.#connect({ kind: 'lost', reason, retryAt, attempt });
  };

  readonly hello = (hello: Hello): void => {
    const before = this.#hello;
    if (before && (before.startedAt !== hello.startedAt || before.pid !== hello.pid)) this.startRun();
    this.#hello = hello;
    this.#connect({ kind: 'live' });
  };

  readonly frame = (frame: Frame): void => {
    this.take(frame);
    this.rate.tick(performance.now());
    this.settle();
  };

  /** What comes next is of a server that has started over. */
  startRun(): void {
    this.#cursor = -1;
    this.requests.startRun();
    this.lanes.clear();
  }

  /** Forgets everything but whose frames these are. */
  clear(): void {
    this.clock.clear();
    this.memory.clear();
    this.lanes.clear();
    this.requests.clear();
    this.strip.clear();
    this.#cursor = -1;
    this.#frame = undefined;
  }

  /** Tells all who look that something has changed. */
  settle(): void {
    for (const signal of Object.values(this.changed)) signal.touch();
    this.#paint();
  }

  /** Takes the next frame, and tells nobody: for many of them one after the other. */
  take(frame: Frame): void {
    const before = this.clock.latest;
    const advance = this.clock.advance(frame.at);
    // After a pause the server sends what it kept meanwhile: that did not all happen in this instant.
    const isBacklog = this.#cursor < 0 || advance.kind === 'gap' || advance.kind === 'restart';
    const failures = frame.requests.filter((row) => row.status >= 400).length;
    this.memory.record(frame, advance, {
      requests: isBacklog ? 0 : frame.requests.length + frame.missed,
      failures: isBacklog ? 0 : failures,
      isNewColumn: advance.column !== before,
    });
    this.lanes.apply(frame, advance, this.#chunkBytes);
    this.strip.append(frame.requests);
    this.requests.append(frame.requests, frame.missed);
    this.#cursor = frame.cursor;
    this.#frame = frame;
  }

  /** A lane as it was at a column, or as it is; `undefined` when it was not there. */
  laneAt({ track, lane, endedAt }: LaneView, column: number | undefined): Lane | undefined {
    // Of the columns after its end nothing was written.
    if (column !== undefined && endedAt !== undefined && column * columnMs >= endedAt) return undefined;
    if (column !== undefined) return this.laneHistory.laneAt(track, column, lane, this.#chunkBytes);
    return endedAt === undefined ? lane : undefined;
  }

  get #chunkBytes(): number {
    return this.#hello?.chunkBytes ?? 1;
  }

  #connect(state: ConnectionState): void {
    this.#connection = state;
    if (state.kind !== 'connecting') this.#hasBeenLost = state.kind === 'lost';
    this.connectionChanged.touch();
  }
}
