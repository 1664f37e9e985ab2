/** What must hold after every event, and at the end of everything. */
import { expect } from 'vitest';
import type { ResidentChunk } from '#main/cache/resident-chunk.ts';
import { unreadCauses } from '#main/cache/waste.ts';
import type { Slab } from '#main/flow/arena.ts';
import type { RecordedDownload } from '#main/telemetry/recorded-download.ts';
import { pieceStates, type PieceState } from '#shared/vocabulary/downloads.ts';
import { isSluiceError } from '#shared/errors.ts';
import type { Client, World } from './simulation.ts';

/** @throws when something is wrong */
export function checkAlways(world: World): void {
  const residents = [...world.pool.residents()];
  const problems = [
    ...slabProblems(world, residents),
    ...pinProblems(world, residents),
    ...wasteProblems(world, residents),
    ...downloadProblems(world, residents),
    ...world.clients.flatMap((client) => [...clientProblems(world, client)]),
  ];
  complain(world, problems);
}

/** What must hold once everything that an event leads to has happened. @throws when something is wrong */
export function checkAfterwards(world: World): void {
  complain(
    world,
    world.clients.flatMap((client) => [...forgotten(world, client)]),
  );
}

function complain(world: World, problems: readonly string[]): void {
  if (problems.length > 0) throw new Error(`${problems.join('; ')}\n  ${world.describe()}`);
}

/** Conservation: each slab that is out belongs to one chunk, and everything is within the budget. */
function* slabProblems({ arenas, ledger }: World, residents: readonly ResidentChunk[]): Generator<string> {
  if (ledger.totalBytes > ledger.limitBytes) yield 'the ledger is above its limit';
  for (const [name, arena] of Object.entries(arenas))
    if (arena.available + arena.out.size !== arena.plan.slabs) yield `slabs of ${name} are lost`;
  const owned = new Set<Slab>(residents.map(({ slab }) => slab));
  if (owned.size !== residents.length) yield 'two chunks have one slab';
  if (owned.size !== arenas.chunks.out.size + arenas.small.out.size) yield 'a slab is out that no chunk has';
  for (const { slab, slabClass } of residents)
    if (!arenas[slabClass].out.has(slab)) yield 'a chunk has a slab that was given back';
}

function* pinProblems(
  { pool, clients, arenas, watched }: World,
  residents: readonly ResidentChunk[],
): Generator<string> {
  for (const slabClass of ['chunks', 'small'] as const) {
    const pinned = residents.filter((chunk) => chunk.slabClass === slabClass && chunk.pins > 0).length;
    const { taken, limit } = pool.pins[slabClass];
    if (pinned !== taken || pinned > limit) yield `${pinned} slabs are pinned with ${taken} of ${limit} pins`;
  }
  const memory = new Map<ArrayBufferLike, ResidentChunk | undefined>();
  for (const chunk of residents) memory.set(chunk.slab.memory.buffer, chunk);
  for (const { socket } of clients)
    for (const { buffer } of socket.memory()) {
      const isBounce = [...arenas.bounce.out].some((slab) => slab.memory.buffer === buffer);
      if (!isBounce && !memory.get(buffer)?.pins) yield 'a socket reads memory that is not pinned';
    }
  for (const buffer of watched.writers)
    if (!memory.has(buffer)) yield 'something is written to memory that was given back';
}

/** Both sums of the ledger of waste. */
function* wasteProblems({ pool, fetching }: World, residents: readonly ResidentChunk[]): Generator<string> {
  const { waste } = pool.counters;
  if (waste.fetchedBytes !== fetching.bytes)
    yield `${waste.fetchedBytes} bytes of ${fetching.bytes} are noted`;
  let held = 0;
  for (const { isZombie, source, validBytes, delivered } of residents)
    if (!isZombie && source === 'store') held += validBytes - delivered.bytes;
  const unread = unreadCauses.reduce((sum, cause) => sum + waste.unreadBytes[cause], 0);
  if (waste.fetchedBytes !== waste.deliveredBytes + unread + held) yield 'bytes are unaccounted for';
}

/** The log of downloads knows of every fetch, of every byte, and of what has become of every piece. */
function* downloadProblems(
  { downloads, fetching }: World,
  residents: readonly ResidentChunk[],
): Generator<string> {
  const all = downloads.downloads;
  const sum = (figure: (download: RecordedDownload) => number): number =>
    all.reduce((total, download) => total + figure(download), 0);
  if (downloads.forgotten > 0) return;
  if (sum(({ active }) => active) !== fetching.active) yield 'the log has another count of fetches';
  if (sum(({ fetchedBytes }) => fetchedBytes) !== fetching.bytes) yield 'the log has another count of bytes';
  let present = 0;
  for (const { isZombie, source, validBytes } of residents)
    if (!isZombie && source === 'store') present += validBytes;
  if (sum(presentBytes) !== present) yield `the log has ${sum(presentBytes)} of ${present} bytes in memory`;
}

/** Bytes of its pieces that are in memory, as far as the log knows. */
function presentBytes({ records }: RecordedDownload): number {
  let bytes = 0;
  for (let row = records.first; row < records.added; row += 1) {
    const state = pieceStates[records.get(row, 'state')] ?? 'failed';
    if (!goneStates.has(state)) bytes += records.get(row, 'receivedBytes');
  }
  return bytes;
}

const goneStates: ReadonlySet<PieceState> = new Set(['evicted', 'failed', 'cancelled']);

/** Whoever would take bytes waits for a slab, for a fetch that knows of it, or for a proof. */
function* forgotten({ transfers }: World, { transfer, isPrimed, outcome }: Client): Generator<string> {
  const { awaited, isWritable, joined, position, range } = transfer;
  if (awaited || !isWritable || isPrimed || outcome !== 'running' || position >= range.end) return;
  if (range.end - position <= transfers.heldBackBytes(transfer)) return;
  const isComing = [...joined].some((chunk) => chunk.holds(position) && !chunk.isZombie && chunk.filling);
  if (!isComing) yield `a transfer at ${position} has been forgotten`;
}

/** Whoever waits for memory has nothing with its socket, and who has gone holds nothing. */
function* clientProblems({ transfers, pool }: World, client: Client): Generator<string> {
  const { transfer, outcome, error, range, socket } = client;
  const { awaited, outlet, revision, position } = transfer;
  if (outcome === 'done' && socket.sent !== range.end - range.start) yield 'a body that is done is not whole';
  if (outcome === 'failed' && (!isSluiceError(error) || error.code === 'INVARIANT'))
    yield `a body failed with ${String(error)}`;
  if (outlet.isEmpty !== (socket.writes === 0)) yield 'a write has been lost';
  if (awaited && !outlet.isEmpty) yield 'a transfer waits for memory while it has bytes with its socket';
  if (awaited && transfer.isClosed) yield 'a closed transfer waits for memory';
  if (awaited && revision.find(position, pool.chunkBytes)) yield 'a transfer waits for what is there';
  for (const chunk of transfer.joined)
    if (!chunk.isZombie && !chunk.readers.has(transfer)) yield 'a chunk does not know its reader';
  if (transfer.isClosed && transfer.joined.size > 0) yield 'a closed transfer holds chunks';
  if (transfers.waiting('chunks') + transfers.waiting('small') > transfers.size) yield 'too many wait';
}

/** Nobody is there any more: what is out of the arenas is cached, and nothing is under way. */
export function checkQuiet(world: World): void {
  const { arenas, pool, transfers, fetching, clock, backfill } = world;
  world.check();
  const kept = [...pool.residents()];
  expect({
    transfers: transfers.size,
    waiting: transfers.waiting('chunks') + transfers.waiting('small'),
    pins: pool.pins.chunks.taken + pool.pins.small.taken,
    bounce: arenas.bounce.out.size,
    fetches: fetching.active,
    writers: world.watched.writers.size,
    timers: clock.pending,
    backfill: backfill?.pending ?? 0,
    notCached: kept.filter((chunk) => chunk.isZombie || !pool.isIdle(chunk)).length,
  }).toEqual({
    transfers: 0,
    waiting: 0,
    pins: 0,
    bounce: 0,
    fetches: 0,
    writers: 0,
    timers: 0,
    backfill: 0,
    notCached: 0,
  });
  const { cached } = world.ledger.byState;
  expect(world.ledger.inUseBytes).toBe(cached);
}
