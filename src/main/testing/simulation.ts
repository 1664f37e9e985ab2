/**
 * A world for tests of the engine's core: a pool, its transfers, a store, a disk and clients, all on one virtual
 * clock. What must always hold is checked after every event (invariants.ts).
 */
import { Backfill } from '#main/cache/backfill.ts';
import { ChunkPool } from '#main/cache/pool.ts';
import type { Verifier } from '#main/cache/verifier.ts';
import { Ledger } from '#main/flow/ledger.ts';
import type { ObjectRevision } from '#main/object-store/object-store.ts';
import { DownloadLog } from '#main/telemetry/download-log.ts';
import type { Transfer } from '#main/transfer/transfer.ts';
import { Transfers } from '#main/transfer/transfers.ts';
import type { ByteRange } from '#shared/range.ts';
import { SluiceError } from '#shared/errors.ts';
import { KiB } from '#shared/units.ts';
import { checkAfterwards, checkAlways, checkQuiet } from './invariants.ts';
import { PoisonedArena } from './poisoned-arena.ts';
import { ScriptedDisk } from './scripted-disk.ts';
import { ScriptedFetching } from './scripted-fetching.ts';
import { ScriptedSocket, type Drain } from './scripted-socket.ts';
import { VirtualClock } from './virtual-clock.ts';
import { WatchedFetching } from './watched-fetching.ts';

export interface WorldOptions {
  readonly slabs: number;
  readonly smallSlabs?: number;
  readonly pinLimit?: number;
  readonly smallPinLimit?: number;
  readonly chunkBytes?: number;
  readonly smallSlabBytes?: number;
  readonly cachedBytes?: number;
  readonly windowLimit?: number;
  readonly latencyMs?: number;
  readonly idleSendMs?: number;
  readonly maxTransfers?: number;
  readonly disk?: 'none' | 'scripted';
  /** Which revisions are pinned. */
  readonly isKept?: (object: ObjectRevision) => boolean;
  /** What proves objects whole, if anything does. */
  readonly verifier?: (pool: ChunkPool, clock: VirtualClock) => Verifier;
}

export interface ClientOptions {
  readonly object: ObjectRevision;
  readonly range?: ByteRange;
  /** Whose share of memory it takes. */
  readonly client?: string;
  readonly drain?: Partial<Drain>;
}

const promptDrain: Drain = { ms: () => 1, lagMs: 1 };

/** One response, as a server would run it. */
export class Client {
  readonly transfer: Transfer;
  readonly socket: ScriptedSocket;
  readonly object: ObjectRevision;
  readonly range: ByteRange;
  outcome: 'running' | 'done' | 'failed' = 'running';
  /** Its socket has let go of everything, and its transfer is closed. */
  isOver = false;
  /** The first bytes are there, and sending has not begun. */
  isPrimed = false;
  error: unknown;

  constructor(world: World, options: ClientOptions, name: string) {
    this.object = options.object;
    this.range = options.range ?? { start: 0, end: options.object.length };
    const { start } = this.range;
    const drain = { ...promptDrain, ...options.drain };
    this.socket = new ScriptedSocket(world.clock, drain, (offset, bytes) =>
      world.fetching.contents(this.object, { start: start + offset, end: start + offset + bytes }),
    );
    const info = {
      client: options.client ?? name,
      name,
      totalBytes: this.range.end - this.range.start,
    };
    this.transfer = world.transfers.open(options.object, info);
  }

  /** Nobody waits for it any more, although it may not be over. */
  get isStuck(): boolean {
    return this.socket.isStuck;
  }

  async run(): Promise<void> {
    try {
      await this.transfer.prime(this.range);
      this.isPrimed = true;
      const sending = this.transfer.send(this.range, this.socket);
      this.isPrimed = false;
      await sending;
      this.outcome = 'done';
    } catch (error) {
      this.isPrimed = false;
      this.outcome = 'failed';
      this.error = error;
      this.socket.destroy();
    }
    await this.transfer.close();
    this.isOver = true;
  }

  /** Goes away, as somebody who closes the window. */
  leave(): void {
    this.transfer.fail(new SluiceError('ABORTED', 'the client has gone'));
    this.socket.destroy();
  }
}

export class World {
  readonly clock = new VirtualClock();
  readonly fetching = new ScriptedFetching(this.clock);
  readonly watched = new WatchedFetching(this.fetching);
  readonly ledger: Ledger;
  readonly arenas: Readonly<Record<'chunks' | 'small' | 'bounce', PoisonedArena>>;
  readonly pool: ChunkPool;
  readonly transfers: Transfers;
  readonly disk: ScriptedDisk | undefined;
  readonly backfill: Backfill | undefined;
  readonly verifier: Verifier | undefined;
  readonly downloads = new DownloadLog({ now: () => this.clock.now() });
  readonly clients: Client[] = [];
  /** Keys of objects that have proved wrong. */
  readonly wrong: string[] = [];

  constructor(options: WorldOptions) {
    const { slabs, smallSlabs = 4, chunkBytes = 128 * KiB, smallSlabBytes = 320 * KiB } = options;
    const bounces = options.maxTransfers ?? 300;
    this.ledger = new Ledger(slabs * chunkBytes + smallSlabs * smallSlabBytes + bounces * 64 * KiB);
    this.arenas = {
      chunks: new PoisonedArena({ slabs, slabBytes: chunkBytes }, this.ledger),
      small: new PoisonedArena({ slabs: smallSlabs, slabBytes: smallSlabBytes }, this.ledger),
      bounce: new PoisonedArena({ slabs: bounces, slabBytes: 64 * KiB }, this.ledger),
    };
    this.disk = options.disk === 'scripted' ? new ScriptedDisk(this) : undefined;
    this.pool = new ChunkPool({
      arenas: this.arenas,
      pinLimits: {
        chunks: options.pinLimit ?? Math.floor(slabs / 2),
        small: options.smallPinLimit ?? Math.floor(smallSlabs / 2),
      },
      cachedBytes: options.cachedBytes ?? Infinity,
      chunkBytes,
      fetching: this.watched,
      disk: this.disk,
      clock: this.clock,
      watch: this.downloads,
      isKept: options.isKept,
    });
    this.backfill = this.disk && new Backfill(this.pool, this.disk);
    this.verifier = options.verifier?.(this.pool, this.clock);
    this.transfers = new Transfers({
      pool: this.pool,
      bounce: this.arenas.bounce,
      clock: this.clock,
      windowLimit: options.windowLimit ?? 4,
      latencyMs: () => options.latencyMs ?? 20,
      backfill: this.backfill,
      verifier: this.verifier,
      onWrong: (key) => this.wrong.push(key),
      ...(options.idleSendMs !== undefined && { idleSendMs: options.idleSendMs }),
    });
  }

  open(options: ClientOptions): Client {
    const client = new Client(this, options, `client-${this.clients.length}`);
    this.clients.push(client);
    void client.run();
    this.check();
    return client;
  }

  /** One event, and what follows from it. False: nothing will ever happen again. */
  async step(): Promise<boolean> {
    const hasMore = this.clock.step();
    this.check();
    await flush();
    this.check();
    checkAfterwards(this);
    return hasMore;
  }

  /** Lets so much time pass, event by event. */
  async pass(milliseconds: number): Promise<void> {
    const until = this.clock.now() + milliseconds;
    this.clock.after(milliseconds, () => undefined);
    while (this.clock.now() < until) await this.step();
  }

  /** Runs until every client that can come to an end has done so. @throws when they do not */
  async settle(mostMs = 3_600_000): Promise<void> {
    const until = this.clock.now() + mostMs;
    while (this.clients.some((client) => !client.isOver && !client.isStuck)) {
      if (this.clock.now() > until) throw new Error(`stuck: ${this.describe()}`);
      if (!(await this.step())) throw new Error(`nothing happens any more: ${this.describe()}`);
    }
  }

  /** Cuts off whoever is left, lets everything come to rest, and checks that nothing has been lost. */
  async end(): Promise<void> {
    await this.settle();
    for (const client of this.clients) if (!client.isOver) client.leave();
    for (let count = 0; count < 100_000 && (await this.step()); count += 1);
    checkQuiet(this);
  }

  check(): void {
    checkAlways(this);
  }

  describe(): string {
    const clients = this.clients.map(({ transfer, socket, outcome, isOver }, index) => {
      const { position, range, awaited, outlet } = transfer;
      const waits = awaited ? ` awaits ${awaited.place.id.index}` : '';
      const state = isOver ? 'over' : outcome;
      return `#${index} ${state} ${position}/${range.end} sent ${socket.sent} writes ${socket.writes} ${outlet.mode}${waits}`;
    });
    const chunks = [...this.pool.residents()].map(
      ({ id, state, pins, readers, filling, isZombie }) =>
        `${id.object.key}:${id.index} ${state} pins ${pins} readers ${readers.size} ${filling ? `at ${filling.at}` : ''} ${isZombie ? 'zombie' : ''}`,
    );
    return [`at ${this.clock.now()} ms`, ...clients, ...chunks].join('\n  ');
  }
}

/** Lets everything happen that has only been promised. */
export async function flush(): Promise<void> {
  for (let turn = 0; turn < 8; turn += 1) await Promise.resolve();
}
