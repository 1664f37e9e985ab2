/**
 * A transfer is one response body on its way. Its pump (`advance`) runs when something has changed (bytes came, the
 * socket took bytes, a slab was found) and never waits: it hands on what is there, asks for what is missing, and
 * returns.
 *
 * While the socket has bytes of it the transfer asks for nothing. So a client that does not read keeps at most one
 * pinned slab or its own small buffer, and everything else of it can be taken away and brought again.
 */
import type { ChunkPlace, Reader, ResidentChunk } from '#main/cache/resident-chunk.ts';
import type { Revision } from '#main/cache/revision.ts';
import type { Waiting } from '#main/flow/fair-queue.ts';
import { SluiceError } from '#shared/errors.ts';
import type { ByteRange } from '#shared/range.ts';
import { JoinedChunks } from './joined.ts';
import { leastWriteBytes, Outlet, type Sink } from './outlet.ts';
import type { Grain } from './place.ts';
import type { Scheduler } from './scheduler.ts';
import { Starvation } from './starvation.ts';
import { Uses } from './uses.ts';
import { Window } from './window.ts';

export interface TransferInfo {
  /** Whose share of memory it takes; for people as well. */
  readonly client: string;
  /** What is sent, by its name. */
  readonly name: string;
  /** Where it was asked for, without the query; and the validator that it was answered with. For people only. */
  readonly path?: string | undefined;
  readonly etag?: string | undefined;
  /** Bytes of the whole body. */
  readonly totalBytes: number;
}

/** What is the same for all transfers when they take stock. */
interface Tick {
  readonly tickMs: number;
  /** Milliseconds that a chunk takes from the store, waiting included. */
  readonly latencyMs: number;
  /** Windows may grow. */
  readonly hasRoom: boolean;
}

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class Transfer implements Reader, Waiting {
  readonly id: number;
  readonly info: TransferInfo;
  readonly client: string;
  readonly revision: Revision;
  readonly window: Window;
  readonly outlet: Outlet;
  readonly starvation: Starvation;
  /** What it has handed on. */
  readonly uses = new Uses();
  readonly startedAt = Date.now();
  /** What it has in memory of its window. */
  readonly joined: JoinedChunks;
  range: ByteRange = { start: 0, end: 0 };
  grain: Grain = 'chunk';
  position = 0;
  /** Where the bytes that it waits for will go, and since when it waits. */
  awaited: { readonly place: ChunkPlace; readonly since: number } | undefined;
  readonly #scheduler: Scheduler;
  #phase: 'idle' | 'priming' | 'sending' | 'closed' | 'over' = 'idle';
  #isAdvancing = false;
  #mustLookAgain = false;
  #waiter: Waiter | undefined;
  readonly #closers: (() => void)[] = [];

  constructor(id: number, info: TransferInfo, revision: Revision, scheduler: Scheduler) {
    const { clock, pool, windowLimit, measures } = scheduler;
    this.id = id;
    this.info = info;
    this.client = info.client;
    this.revision = revision;
    this.window = new Window(windowLimit);
    this.joined = new JoinedChunks(this, pool, clock);
    this.starvation = new Starvation(clock);
    this.#scheduler = scheduler;
    this.outlet = new Outlet({
      clock,
      pool,
      measures,
      takeBounce: () => scheduler.takeBounce(),
      onTaken: (error) => this.#taken(error),
    });
  }

  /**
   * Resolves when the first bytes of `range` are in memory.
   * @throws what the store throws; SluiceError ABORTED when it is closed
   */
  prime(range: ByteRange): Promise<void> {
    return this.#begin('priming', range);
  }

  /**
   * Sends `range` in order. Resolves when the socket has taken the last byte.
   * @throws what the store throws; SluiceError ABORTED when the socket fails or the transfer is closed
   */
  send(range: ByteRange, sink: Sink): Promise<void> {
    this.outlet.attach(sink);
    return this.#begin('sending', range);
  }

  /** Ends the transfer in this tick. Resolves when the socket has let go of its memory. */
  close(error: unknown = closedError): Promise<void> {
    if (!this.isClosed) {
      this.#phase = 'closed';
      this.#settle(error);
      this.#scheduler.withdraw(this);
      this.joined.leaveAll();
      this.starvation.end();
      this.uses.taken(this.#scheduler.clock.now());
    }
    return new Promise((resolve) => {
      this.#closers.push(resolve);
      this.#finish();
    });
  }

  get isClosed(): boolean {
    return this.#phase === 'closed' || this.#phase === 'over';
  }

  get isActive(): boolean {
    return this.#phase === 'priming' || this.#phase === 'sending';
  }

  get isWritable(): boolean {
    return this.isActive && this.outlet.isEmpty;
  }

  timeTo(position: number): number {
    const { pace, blockedMs } = this.outlet;
    if (!this.isActive || position >= this.range.end) return Infinity;
    return Math.max(0, position - this.position) / pace.bytesPerMs + blockedMs;
  }

  setBack(): void {
    this.window.restart();
  }

  fail(error: unknown): void {
    if (!this.isClosed) void this.close(error);
  }

  /** Takes stock after `tickMs`. */
  tick({ tickMs, latencyMs, hasRoom }: Tick): void {
    const { clock, pool } = this.#scheduler;
    const now = clock.now();
    this.outlet.tick(now);
    this.window.tick({
      bytesPerMs: this.outlet.pace.bytesPerMs,
      latencyMs,
      chunkBytes: pool.chunkBytes,
      starved: this.starvation.take() / tickMs,
      hasRoom,
      blockedMs: this.outlet.blockedMs,
      oldestAheadMs: this.joined.oldestAheadMs(now),
    });
    if (this.isActive) this.#refreshWindow();
  }

  #begin(phase: 'priming' | 'sending', range: ByteRange): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.isClosed) throw closedError;
      const isPrimed = phase === 'sending' && this.range === range;
      this.#phase = phase;
      this.#waiter = { resolve, reject };
      if (!isPrimed) {
        this.range = range;
        this.position = range.start;
        this.grain = this.#scheduler.grainOf(range);
      }
      this.advance();
    });
  }

  /** Does all that can be done now. */
  advance(): void {
    this.#mustLookAgain = true;
    if (this.#isAdvancing) return;
    this.#isAdvancing = true;
    while (this.#mustLookAgain) {
      this.#mustLookAgain = false;
      while (this.#step());
    }
    this.#isAdvancing = false;
  }

  /** @returns whether there may be more to do at once */
  #step(): boolean {
    if (!this.isActive || this.outlet.isFull) return false;
    if (this.position >= this.range.end) return this.#ended();
    const chunk = this.joined.present();
    if (!chunk) return this.#starve(() => this.#scheduler.demand(this));
    if (!chunk.covers(this.position) && !chunk.filling)
      return this.#starve(() => this.#scheduler.pool.fillGap(this.revision, chunk, this.position));
    const tail = Math.min(chunk.id.range.end, this.range.end) - this.position;
    const ready = Math.min(chunk.readable(this.position), tail);
    if (ready < Math.min(leastWriteBytes, tail))
      return this.#starve(() => this.#scheduler.pool.promote(chunk));
    this.starvation.end();
    if (this.#phase === 'priming') return this.#settle(undefined);
    return this.#hand(chunk, ready);
  }

  /** Whoever has bytes with the socket does not ask for more. */
  #starve(ask: () => void): false {
    if (!this.outlet.isEmpty) return false;
    this.starvation.begin();
    ask();
    return false;
  }

  #hand(chunk: ResidentChunk, ready: number): boolean {
    const last = this.range.end - this.#scheduler.heldBackBytes(this);
    const most = Math.min(ready, last - this.position);
    if (most <= 0 || this.isClosed) return false;
    const { uses, outlet, joined, position, starvation } = this;
    // Both writes are of one chunk, so when another one comes, the client has taken the one before.
    if (!uses.isOf(chunk) && outlet.isEmpty) uses.taken(outlet.lastTakenAt);
    const bytes = outlet.offer(chunk, position, most);
    if (bytes === 0) return false;
    this.#scheduler.pool.counters.delivered(chunk, position, position + bytes);
    if (!uses.isOf(chunk)) uses.begin(chunk, joined.entryOf(chunk), position);
    uses.handed(position + bytes, starvation.totalMs);
    this.position += bytes;
    if (this.position >= this.range.end) {
      this.joined.leaveAll();
    } else if (this.position >= chunk.id.range.end) {
      this.window.crossed();
      this.#refreshWindow();
    }
    return true;
  }

  #refreshWindow(): void {
    if (!this.joined.refresh()) this.#scheduler.wantsAhead(this);
  }

  /** Everything has been handed on: over when the socket has taken it. */
  #ended(): false {
    if (!this.outlet.isEmpty) return false;
    if (this.#phase === 'sending') this.#phase = 'idle';
    this.uses.taken(this.outlet.lastTakenAt);
    return this.#settle(undefined);
  }

  #taken(error: Error | undefined): void {
    if (error) this.fail(new SluiceError('ABORTED', 'the client closed the connection', { cause: error }));
    else this.advance();
    if (this.isClosed) this.#finish();
  }

  #settle(error: unknown): false {
    const waiter = this.#waiter;
    this.#waiter = undefined;
    if (error === undefined) waiter?.resolve();
    else waiter?.reject(error);
    return false;
  }

  #finish(): void {
    if (!this.outlet.isEmpty) return;
    if (this.#phase !== 'over') {
      this.#phase = 'over';
      this.outlet.release();
      this.#scheduler.closed(this);
    }
    for (const closer of this.#closers.splice(0)) closer();
  }
}

/** Made once: an error with a stack for each response costs more than the response. */
const closedError = new SluiceError('ABORTED', 'the transfer is closed');
