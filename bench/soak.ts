/**
 * `npm run soak`: many clients of every temper against one server for minutes, while objects are replaced under them.
 * Every byte is checked against the revision that the answer names; the ledger, the resident memory and the gauges
 * at the end are checked too. It fails loudly: exit code 1 and what went wrong.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { formatBytes, formatDuration, KiB, MiB } from '#shared/units.ts';
import { blockOf } from './origin.ts';
import { figuresOf, startSluiceServer, type Server } from './processes.ts';

const help = `Usage: npm run soak [-- --minutes N] [--clients N] [--budget BYTES] [--store file|embedded]

  --minutes N   how long (default 1)
  --clients N   how many clients (default 120): 20 % fast, 60 % at 1 MiB/s, 15 % at 50 KiB/s, 5 % that stop reading
  --budget B    memory budget in bytes (default 64 MiB)
  --store S     file (default) or embedded, which is S3 over HTTP
`;

const blockBytes = MiB;
const objectCount = 24;
const tempers = [
  { share: 0.2, bytesPerSecond: Number.POSITIVE_INFINITY },
  { share: 0.6, bytesPerSecond: MiB },
  { share: 0.15, bytesPerSecond: 50 * KiB },
  { share: 0.05, bytesPerSecond: 0 },
] as const;

interface Tally {
  answers: number;
  bytes: number;
  abandoned: number;
  refused: number;
  brokenOff: number;
  readonly faults: string[];
}

/** Objects from 256 KiB to 32 MiB; a few are popular. */
function lengthOf(index: number): number {
  return 256 * KiB + Math.floor((32 * MiB * ((index * 7919) % 97)) / 97) + index;
}

function popular(): number {
  return Math.min(objectCount - 1, Math.floor(objectCount * Math.random() ** 3));
}

async function publish(url: string, index: number, revision: number): Promise<void> {
  const block = blockOf(`${index}@${revision}`);
  const length = lengthOf(index);
  const pieces = function* (): Generator<Buffer> {
    for (let at = 0; at < length; at += blockBytes)
      yield block.subarray(0, Math.min(blockBytes, length - at));
  };
  const answer = await fetch(`${url}/api/v1/object/soak/o${index}`, {
    method: 'POST',
    headers: { etag: `"${index}@${revision}"`.replace('@', '.') },
    body: Readable.toWeb(Readable.from(pieces())) as ReadableStream,
    duplex: 'half',
  } as RequestInit);
  await answer.text();
  if (!answer.ok) throw new Error(`upload of object ${index} answered ${answer.status}`);
}

/** One request at a random range, read at a pace, checked byte by byte. */
async function request(
  url: string,
  bytesPerSecond: number,
  tally: Tally,
  signal: AbortSignal,
): Promise<void> {
  const index = popular();
  const length = lengthOf(index);
  const start = Math.random() < 0.4 ? 0 : Math.floor(Math.random() * length);
  const end =
    Math.random() < 0.4 ? length : Math.min(length, start + 1 + Math.floor(Math.random() * 4 * MiB));
  const response = await open(`${url}/api/v1/object/soak/o${index}`, `bytes=${start}-${end - 1}`, signal);
  if (response.statusCode === 503) {
    tally.refused += 1;
    response.resume();
    await sleep(200);
    return;
  }
  if (response.statusCode !== 206) {
    tally.faults.push(`object ${index}: status ${response.statusCode}`);
    response.destroy();
    return;
  }
  await check(response, { start, end, bytesPerSecond }, tally);
}

function open(url: string, range: string, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false, headers: { range }, signal }, resolve).on('error', reject);
  });
}

interface Reading {
  readonly start: number;
  readonly end: number;
  readonly bytesPerSecond: number;
}

async function check(response: IncomingMessage, reading: Reading, tally: Tally): Promise<void> {
  const revision = String(response.headers.etag).replaceAll('"', '').replace('.', '@');
  const block = blockOf(revision);
  const abandonAt =
    Math.random() < 0.05 ? reading.start + Math.random() * (reading.end - reading.start) : reading.end;
  const startedAt = performance.now();
  let at = reading.start;
  try {
    for await (const data of response) {
      const piece = data as Buffer;
      if (!matches(piece, block, at)) tally.faults.push(`${revision}: wrong bytes at ${at}`);
      at += piece.length;
      tally.bytes += piece.length;
      if (at > abandonAt) {
        tally.abandoned += 1;
        return;
      }
      await pace(at - reading.start, reading.bytesPerSecond, startedAt);
    }
  } catch {
    // A replaced revision ends in a broken connection, never in other bytes.
    tally.brokenOff += 1;
    return;
  }
  if (at !== reading.end) tally.faults.push(`${revision}: ended cleanly at ${at} of ${reading.end}`);
  tally.answers += 1;
}

async function pace(bytes: number, bytesPerSecond: number, startedAt: number): Promise<void> {
  // A client that stops reading comes back after a while, or the soak would have nothing left to do.
  if (bytesPerSecond === 0) await sleep(5000 + Math.random() * 10_000);
  else {
    const aheadMs = (bytes / bytesPerSecond) * 1000 - (performance.now() - startedAt);
    if (aheadMs > 5) await sleep(aheadMs);
  }
}

function matches(piece: Buffer, block: Buffer, position: number): boolean {
  for (let done = 0; done < piece.length;) {
    const offset = (position + done) % blockBytes;
    const length = Math.min(piece.length - done, blockBytes - offset);
    if (piece.compare(block, offset, offset + length, done, done + length) !== 0) return false;
    done += length;
  }
  return true;
}

interface Stats {
  readonly memory: {
    readonly ledgerBytes: number;
    readonly budgetBytes: number;
    readonly byState: Readonly<Record<string, number>>;
  };
  readonly transfers: { readonly active: number; readonly waiting: number };
}

async function statsOf(url: string): Promise<Stats> {
  return (await (await fetch(`${url}/api/v1/stats`)).json()) as Stats;
}

async function watch(
  server: Server,
  tally: Tally,
  until: number,
): Promise<{ rssEarly: number; rssLate: number }> {
  const startedAt = Date.now();
  let rssEarly = 0;
  let rssLate = 0;
  while (Date.now() < until) {
    const { memory } = await statsOf(server.url);
    if (memory.ledgerBytes > memory.budgetBytes)
      tally.faults.push(`ledger ${memory.ledgerBytes} over the budget`);
    const { rssBytes } = await figuresOf(server.pid);
    if (Date.now() < startedAt + (until - startedAt) / 2) rssEarly = Math.max(rssEarly, rssBytes);
    else rssLate = Math.max(rssLate, rssBytes);
    await sleep(500);
  }
  return { rssEarly, rssLate };
}

async function openFiles(pid: number): Promise<number> {
  return (await readdir(`/proc/${pid}/fd`)).length;
}

/** When nobody asks any more, nothing may be held. */
async function checkQuiet(server: Server, filesBefore: number, tally: Tally): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const { memory, transfers } = await statsOf(server.url);
    const { spare = 0, cached = 0 } = memory.byState;
    const files = await openFiles(server.pid);
    if (
      transfers.active === 0 &&
      transfers.waiting === 0 &&
      spare + cached === memory.ledgerBytes &&
      files < filesBefore + 80
    )
      return;
    await sleep(100);
  }
  const { memory, transfers } = await statsOf(server.url);
  tally.faults.push(
    `not quiet at the end: ${JSON.stringify({ transfers, ...memory.byState, files: await openFiles(server.pid) })}`,
  );
}

interface Plan {
  readonly minutes: number;
  readonly clients: number;
  readonly budgetBytes: number;
  readonly store: string;
}

async function soak({ minutes, clients, budgetBytes, store }: Plan): Promise<Tally> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-soak-'));
  const tally: Tally = { answers: 0, bytes: 0, abandoned: 0, refused: 0, brokenOff: 0, faults: [] };
  try {
    const limits = ['--memory-budget', `${budgetBytes}`, '--chunk-size', '1MiB', '--disk-cache', '128MiB'];
    await using server = await startSluiceServer([
      '--store',
      store === 'embedded' ? store : `file://${folder}/store`,
      '--data-dir',
      `${folder}/data`,
      ...limits,
    ]);
    for (let index = 0; index < objectCount; index += 1) await publish(server.url, index, 0);
    const filesBefore = await openFiles(server.pid);
    const until = Date.now() + minutes * 60_000;
    const stop = new AbortController();
    const running = tempers.flatMap(({ share, bytesPerSecond }) =>
      Array.from({ length: Math.round(share * clients) }, async () => {
        while (Date.now() < until)
          await request(server.url, bytesPerSecond, tally, stop.signal).catch(() => (tally.brokenOff += 1));
      }),
    );
    const replacing = (async () => {
      for (let revision = 1; Date.now() < until; revision += 1) {
        await publish(server.url, popular(), revision);
        await sleep(1000);
      }
    })();
    const { rssEarly, rssLate } = await watch(server, tally, until);
    stop.abort();
    await Promise.all([...running, replacing]);
    await checkQuiet(server, filesBefore, tally);
    console.log(
      `resident memory: at most ${formatBytes(rssEarly)} in the first half, ${formatBytes(rssLate)} in the second`,
    );
    if (rssLate > rssEarly + 64 * MiB)
      tally.faults.push(`resident memory grew from ${rssEarly} to ${rssLate}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return tally;
}

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    clients: { type: 'string', default: '120' },
    budget: { type: 'string', default: `${64 * MiB}` },
    store: { type: 'string', default: 'file' },
    help: { type: 'boolean', short: 'h' },
  },
});
if (values.help) process.stdout.write(help);
else {
  const startedAt = performance.now();
  const { faults, answers, bytes, abandoned, refused, brokenOff } = await soak({
    minutes: Number(values.minutes),
    clients: Number(values.clients),
    budgetBytes: Number(values.budget),
    store: values.store,
  });
  console.log(
    `${formatDuration(performance.now() - startedAt)}: ${answers} answers, ${formatBytes(bytes)} checked, ` +
      `${abandoned} abandoned by their client, ${brokenOff} broken off, ${refused} refused, ${faults.length} faults`,
  );
  for (const fault of new Set(faults.slice(0, 20))) console.error(fault);
  process.exitCode = faults.length > 0 || answers === 0 ? 1 : 0;
}
