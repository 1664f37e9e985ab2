/**
 * The promise: many slow clients, each with an object of its own, and the memory that it takes. The same load then
 * runs against a fetcher without a bound, which is the picture of the incident.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChild } from '#main/experiment/child.ts';
import { objectKey } from '#main/http/names.ts';
import { formatBytes, formatDuration, MiB } from '#shared/units.ts';
import { slowClient } from './clients.ts';
import { hashOf } from './origin.ts';
import {
  anyCredentials,
  bucketFlags,
  figuresOf,
  startServer,
  startSluiceServer,
  type Server,
} from './processes.ts';
import type { BenchOptions, Table } from './table.ts';

const sizes = {
  full: { clients: 32, objectBytes: 256 * MiB, bytesPerSecond: MiB, unboundedSeconds: 60 },
  quick: { clients: 8, objectBytes: 16 * MiB, bytesPerSecond: 4 * MiB, unboundedSeconds: 3 },
} as const;
const budgetBytes = 128 * MiB;

interface Outcome {
  readonly name: string;
  readonly idleRssBytes: number;
  readonly peakRssBytes: number;
  readonly peakLedgerBytes?: number;
  readonly rightHashes: number | 'not run to the end';
  readonly milliseconds: number;
}

export async function benchMemory({ size }: BenchOptions): Promise<Table> {
  const load = sizes[size];
  const here = (name: string): string => new URL(name, import.meta.url).pathname;
  await using origin = await startServer(process.execPath, [here('origin.ts'), String(load.objectBytes)]);
  const dataDir = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
  const outcomes: Outcome[] = [];
  try {
    const limits = ['--memory-budget', `${budgetBytes}`, '--disk-cache', '0', '--data-dir', dataDir];
    await using sluice = await startSluiceServer([...bucketFlags(origin.url), ...limits], anyCredentials);
    outcomes.push(await measure('Sluice', sluice, (index) => `/api/v1/object/bench/object-${index}`, load));
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
  const worstCase = load.clients * load.objectBytes;
  if (freemem() > worstCase * 1.3) {
    const task = { role: 'fetcher', origin: origin.url, chunkBytes: 8 * MiB, workers: 8 } as const;
    await using unbounded = await startChild(task, new AbortController().signal);
    const path = (index: number): string => `/bench/${objectKey('bench', `object-${index}`)}`;
    outcomes.push(await measure('unbounded fetcher', unbounded, path, load, load.unboundedSeconds));
  } else {
    console.log(
      `unbounded fetcher: not run, it may take ${formatBytes(worstCase)} and ${formatBytes(freemem())} are free`,
    );
  }
  return tableOf(outcomes, load);
}

type Load = (typeof sizes)[keyof typeof sizes];

async function measure(
  name: string,
  server: Pick<Server, 'url' | 'pid'>,
  path: (index: number) => string,
  load: Load,
  seconds?: number,
): Promise<Outcome> {
  const idleRssBytes = (await figuresOf(server.pid)).rssBytes;
  const stop = new AbortController();
  const startedAt = performance.now();
  const clients = Promise.all(
    Array.from({ length: load.clients }, (_, index) =>
      slowClient(`${server.url}${path(index)}`, load.bytesPerSecond, stop.signal),
    ),
  );
  if (seconds !== undefined) setTimeout(() => stop.abort(), seconds * 1000);
  const sampling = new AbortController();
  const peakLedger =
    seconds === undefined ? watchLedger(server.url, sampling.signal) : Promise.resolve(undefined);
  const results = await clients.finally(() => sampling.abort());
  const peakLedgerBytes = await peakLedger;
  const right = results.filter(
    ({ sha256 }, index) => sha256 === hashOf(objectKey('bench', `object-${index}`), load.objectBytes),
  ).length;
  return {
    name,
    idleRssBytes,
    peakRssBytes: (await figuresOf(server.pid)).peakRssBytes,
    ...(peakLedgerBytes === undefined ? {} : { peakLedgerBytes }),
    rightHashes: seconds === undefined ? right : 'not run to the end',
    milliseconds: performance.now() - startedAt,
  };
}

async function watchLedger(url: string, signal: AbortSignal): Promise<number> {
  let peakBytes = 0;
  while (!signal.aborted) {
    peakBytes = Math.max(peakBytes, await ledgerOf(url));
    await sleep(200);
  }
  return peakBytes;
}

/** Allocated bytes of all bodies, and a complaint if they ever pass the budget. */
async function ledgerOf(url: string): Promise<number> {
  const stats = (await (await fetch(`${url}/api/v1/stats`)).json()) as {
    memory: { ledgerBytes: number; budgetBytes: number };
  };
  const { ledgerBytes, budgetBytes } = stats.memory;
  if (ledgerBytes > budgetBytes) console.error(`LEDGER OVER BUDGET: ${ledgerBytes} > ${budgetBytes}`);
  return ledgerBytes;
}

function tableOf(outcomes: readonly Outcome[], load: Load): Table {
  return {
    title: `memory: ${load.clients} clients at ${formatBytes(load.bytesPerSecond)}/s, each its own object of ${formatBytes(load.objectBytes)}, budget ${formatBytes(budgetBytes)}`,
    columns: ['server', 'peak ledger', 'idle RSS', 'peak RSS above idle', 'hashes right', 'time'],
    rows: outcomes.map((it) => [
      it.name,
      it.peakLedgerBytes === undefined ? '–' : formatBytes(it.peakLedgerBytes),
      formatBytes(it.idleRssBytes),
      formatBytes(it.peakRssBytes - it.idleRssBytes),
      typeof it.rightHashes === 'number' ? `${it.rightHashes} of ${load.clients}` : it.rightHashes,
      formatDuration(it.milliseconds),
    ]),
    note: 'The ledger is sampled every 200 ms; RSS is the high-water mark that the kernel keeps. The unbounded fetcher is stopped when its picture is plain.',
  };
}
