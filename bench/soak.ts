/**
 * `npm run soak`: many clients of every temper against one server for minutes, while objects are replaced under them
 * and one answer of the store in a hundred goes wrong. Every byte is checked against the revision that its answer
 * names; memory, the store's budgets, the log, and what is left at the end are checked too (soak/verdicts.ts). It
 * fails loudly: exit code 1 and what went wrong.
 *
 *   clients ── Sluice ── bucket         each a process of its own; the soak itself is the clients
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { formatDuration, MiB, parseBytes } from '#shared/units.ts';
import { anyCredentials, bucketFlags, figuresOf, startServer, type Server } from './processes.ts';
import type { BucketReport } from './soak/bucket.ts';
import { read, runClients, type World } from './soak/clients.ts';
import { isUploaded, objectCount } from './soak/content.ts';
import { scrape, type Scrape } from './soak/metrics.ts';
import { Objects } from './soak/objects.ts';
import { printReport, printSamples } from './soak/report.ts';
import { descriptorsOf, startSoakedServer, type SoakedServer } from './soak/server.ts';
import { Tally } from './soak/tally.ts';
import { notQuiet, type Evidence } from './soak/verdicts.ts';
import { watch } from './soak/watch.ts';

const help = `Usage: npm run soak [-- --minutes N] [--clients N] [--budget SIZE] [--chunk SIZE] [--disk SIZE] [--samples]

  --minutes N    how long (default 1)
  --clients N    how many clients (default 200): 20 % fast, 60 % at 1 MiB/s, 15 % at 50 KiB/s, 5 % that stop reading
  --budget SIZE  memory budget (default 64MiB)
  --chunk SIZE   chunk size (default 8MiB)
  --disk SIZE    disk cache (default 256MiB; 0 turns it off)
  --samples      print what was measured every few seconds
`;

interface Plan {
  readonly minutes: number;
  readonly clients: number;
  readonly budgetBytes: number;
  readonly chunk: string;
  readonly disk: string;
}

/** As long as this after a start its memory still grows, unless the machine is busy. */
const idleMs = 2000;
/** As long as Sluice takes what it has seen of an object for current (a second), and then some. */
const rememberedMs = 1500;
const quietMs = 30_000;
const bucketProgram = new URL('soak/bucket.ts', import.meta.url).pathname;

async function soak(plan: Plan): Promise<Evidence> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-soak-'));
  try {
    await using bucket = await startServer(process.execPath, [bucketProgram]);
    const limits = ['--memory-budget', `${plan.budgetBytes}`, '--chunk-size', plan.chunk];
    const places = [...bucketFlags(bucket.url), '--data-dir', folder, '--disk-cache', plan.disk];
    await using sluice = await startSoakedServer([...places, ...limits], anyCredentials);
    await scrape(sluice.url);
    await settled(sluice);
    return await load(plan, folder, sluice, bucket);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Until what a start needs once is there: its memory does not grow any more, or after half a minute. */
async function settled({ pid }: Server): Promise<void> {
  let before = 0;
  for (const until = Date.now() + quietMs; Date.now() < until;) {
    await sleep(idleMs);
    const { rssBytes } = await figuresOf(pid);
    if (rssBytes - before < MiB) return;
    before = rssBytes;
  }
}

/** From idle to idle, and what was seen between. */
async function load(plan: Plan, folder: string, sluice: SoakedServer, bucket: Server): Promise<Evidence> {
  const { rssBytes: idleRssBytes } = await figuresOf(sluice.pid);
  const descriptorsBefore = await descriptorsOf(sluice, folder);
  const tally = new Tally();
  const objects = new Objects(sluice.url, bucket.url);
  for (let object = 0; object < objectCount; object += 1) await objects.renew(object);
  const world = { url: sluice.url, objects, tally, signal: AbortSignal.timeout(plan.minutes * 60_000) };
  const [samples] = await Promise.all([
    watch(sluice, world.signal),
    runClients(world, plan.clients),
    renewing(world, plan.minutes),
  ]);
  await quiet(sluice);
  await sleep(rememberedMs);
  await readCurrent(world);
  return {
    ...plan,
    tally,
    replaced: objects.replaced,
    uploaded: objects.uploaded,
    idleRssBytes,
    peakRssBytes: (await figuresOf(sluice.pid)).peakRssBytes,
    samples,
    end: await quiet(sluice),
    descriptorsBefore,
    descriptorsAfter: await descriptorsAtRest(sluice, folder, descriptorsBefore),
    bucket: (await (await fetch(`${bucket.url}/-/report`)).json()) as BucketReport,
    complaints: sluice.complaints,
  };
}

/** Every 20 s, in a short run more often: a popular object that is uploaded, and one that is replaced in the bucket. */
async function renewing({ objects, tally, signal }: World, minutes: number): Promise<void> {
  const everyMs = Math.min(20_000, (minutes * 60_000) / 20);
  while (!signal.aborted) {
    try {
      await objects.renew(objects.popular(isUploaded));
      await objects.renew(objects.popular((object) => !isUploaded(object)));
    } catch (error) {
      tally.faults.push(String(error));
    }
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  }
}

/** What is in memory, on disk or remembered at the end is the latest revision of each object. */
async function readCurrent({ url, objects, tally }: World): Promise<void> {
  const world = { url, objects, tally, signal: new AbortController().signal };
  const ranges = (): readonly [{ start: number; end: number }] => [{ start: 0, end: MiB }];
  for (let object = 0; object < objectCount; object += 1) {
    const wanted = { kind: 'middle', object, field: `bytes=0-${MiB - 1}`, ranges } as const;
    const name = await read(world, wanted, Number.POSITIVE_INFINITY, world.signal);
    if (name !== undefined && !objects.isCurrent(name))
      tally.faults.push(`${name} is served, and not current`);
  }
}

/** The server's figures when nothing is under way any more, or after half a minute. */
async function quiet({ url }: Server): Promise<Scrape> {
  for (const until = Date.now() + quietMs; ; await sleep(250)) {
    const now = await scrape(url);
    if (notQuiet(now).length === 0 || Date.now() > until) return now;
  }
}

/** Idle connections end by themselves, after a few seconds; a file that is read for a moment is closed again. */
async function descriptorsAtRest(
  server: Server,
  folder: string,
  before: Evidence['descriptorsBefore'],
): Promise<Evidence['descriptorsAfter']> {
  for (const until = Date.now() + quietMs; ; await sleep(500)) {
    const now = await descriptorsOf(server, folder);
    const isAtRest = now.sockets <= before.sockets && now.others <= before.others;
    if (isAtRest || Date.now() > until) return now;
  }
}

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    clients: { type: 'string', default: '200' },
    budget: { type: 'string', default: '64MiB' },
    chunk: { type: 'string', default: '8MiB' },
    disk: { type: 'string', default: '256MiB' },
    samples: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h' },
  },
});
if (values.help) process.stdout.write(help);
else {
  const startedAt = performance.now();
  const evidence = await soak({
    minutes: Number(values.minutes),
    clients: Number(values.clients),
    budgetBytes: parseBytes(values.budget) ?? 64 * MiB,
    chunk: values.chunk,
    disk: values.disk,
  });
  if (values.samples) printSamples(evidence);
  process.exitCode = printReport(evidence) ? 0 : 1;
  console.log(`\nThe soak took ${formatDuration(performance.now() - startedAt)}.`);
}
