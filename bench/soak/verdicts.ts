/** What the soak asks of the server, one row each: what was found, what is allowed, and whether that holds. */
import { formatBytes, formatCount, MiB } from '#shared/units.ts';
import type { BucketReport } from './bucket.ts';
import type { Scrape } from './metrics.ts';
import type { Descriptors } from './server.ts';
import type { Tally } from './tally.ts';
import { rssSlope, type Sample } from './watch.ts';

export interface Verdict {
  readonly what: string;
  readonly found: string;
  readonly allowed: string;
  readonly holds: boolean;
}

export interface Evidence {
  readonly minutes: number;
  readonly budgetBytes: number;
  readonly tally: Tally;
  readonly bucket: BucketReport;
  readonly replaced: number;
  readonly uploaded: number;
  readonly idleRssBytes: number;
  readonly peakRssBytes: number;
  readonly samples: readonly Sample[];
  /** After the load, when nobody asked any more. */
  readonly end: Scrape;
  readonly descriptorsBefore: Descriptors;
  readonly descriptorsAfter: Descriptors;
  readonly complaints: readonly string[];
}

/** What resident memory may be above idle and the budget: the code, the heap, sockets, and what waits for the collector. */
const rssSlackBytes = 64 * MiB;

/** What is remembered for the console, at most: 50,000 requests, their details, and the log of downloads. */
const recordsBytes = (22 + 8 + 8) * MiB;
/** A shorter run has no plateau to judge. */
const leastMinutesForSlope = 5;
const slopeBytesPerMinute = MiB;
/**
 * Array buffers of the runtime beside the ledger: pieces of uploads that have been copied into a part and wait for
 * the garbage collector, which comes for 32 MiB of them at the latest.
 */
const unaccountedBytes = 32 * MiB;
/**
 * From wanting a slab to having it, for a client that waits. However many others are stuck, it waits for one chunk of
 * each who came before, 63 at most: a second or two on a machine of its own, several on one that is busy.
 */
const slabWaitSeconds = 30;
/** Files of the disk tier that are kept open. */
const openFiles = 256;
/** The control connections of the soak itself. */
const ownSockets = 2;

export function verdictsOf(evidence: Evidence): readonly Verdict[] {
  return [
    ...byteVerdicts(evidence),
    ...memoryVerdicts(evidence),
    ...storeVerdicts(evidence),
    ...endVerdicts(evidence),
    somethingHappened(evidence),
  ];
}

function byteVerdicts({ tally, bucket }: Evidence): readonly Verdict[] {
  return [
    none(`wrong bytes in ${formatBytes(tally.bytes)}`, tally.wrong.length),
    none('wrong uploads', bucket.wrongUploads.length),
    none('answers that were wrong or broke off without cause', tally.faults.length),
  ];
}

function memoryVerdicts(evidence: Evidence): readonly Verdict[] {
  const { samples, budgetBytes, idleRssBytes, peakRssBytes, minutes } = evidence;
  const settled = samples.filter(({ seconds }) => seconds > minutes * 60 * 0.4);
  const slope = rssSlope(settled);
  const verdicts = [
    atMost(`ledger, ${samples.length} samples`, most(samples, 'ledgerBytes'), budgetBytes, formatBytes),
    atMost(
      'peak RSS (idle + budget + records + 64 MiB)',
      peakRssBytes,
      idleRssBytes + budgetBytes + recordsBytes + rssSlackBytes,
      formatBytes,
    ),
    atMost(
      'array buffers beyond the ledger',
      most(samples, 'unaccountedBytes'),
      unaccountedBytes,
      formatBytes,
    ),
  ];
  const growth = atMost('growth of RSS a minute, later 60 %', slope, slopeBytesPerMinute, formatSignedBytes);
  return minutes < leastMinutesForSlope ? verdicts : [...verdicts, growth];
}

function storeVerdicts({ end, bucket }: Evidence): readonly Verdict[] {
  const attempts = end.sum('storeAttempts');
  const stalls = end.sum('storeStalls');
  const { late, silent } = bucket.faults;
  const faults = Object.values(bucket.faults).reduce((sum, count) => sum + count, 0);
  // A loaded machine is late by itself now and then, and what it kept the bucket from answering is known; the silence
  // of the store is noticed, not guessed.
  const slack = 5 + attempts * 0.005 + bucket.heldUp;
  return [
    atMost(
      'p99 wait for a slab, clients',
      end.quantile('slabWait', 0.99, { lane: 'demand' }),
      slabWaitSeconds,
      formatSeconds,
    ),
    atMost(
      'hedges (5 % of requests)',
      end.sum('hedges', { event: 'launched' }),
      4 + attempts * 0.05,
      formatCount,
    ),
    atMost('stalls (late and silent answers)', stalls, late + silent + slack, formatCount),
    atMost('retries (faults of the store)', end.sum('storeRetries'), faults + slack, formatCount),
    none('chunks lost on the way', unaccountedFetchedBytes(end)),
  ];
}

/** Bytes from the store that were neither delivered nor let go, beyond what the pool still has. */
function unaccountedFetchedBytes(end: Scrape): number {
  const open = end.sum('fetchedBytes') - end.sum('fateBytes');
  return Math.max(0, -open, open - end.sum('ledgerBytes', { state: 'cached' }));
}

function endVerdicts({
  end,
  descriptorsBefore: before,
  descriptorsAfter: after,
  complaints,
}: Evidence): readonly Verdict[] {
  return [
    none('gauges not zero at the end', notQuiet(end).length, notQuiet(end).join(', ')),
    atMost('sockets open at the end', after.sockets, before.sockets + ownSockets, formatCount),
    atMost('files of the disk cache open at the end', after.cached, openFiles, formatCount),
    atMost('other descriptors at the end', after.others, before.others, formatCount),
    none('unexpected lines in the log', complaints.length),
  ];
}

/** A soak in which nobody asked for anything would pass everything else. */
function somethingHappened({ tally, bucket, replaced, uploaded }: Evidence): Verdict {
  const counts = { ...tally.answers, replaced, uploaded, left: tally.left, ...bucket.faults };
  const missing = Object.entries(counts).flatMap(([what, count]) => (count === 0 ? [what] : []));
  return none('kinds of events that never happened', missing.length, missing.join(', '));
}

/** What is not at rest although nobody asks for anything. */
export function notQuiet(scrape: Scrape): readonly string[] {
  const gauges = {
    transfers: scrape.sum('transfers'),
    waiting: scrape.sum('waiting'),
    pins: scrape.sum('pins'),
    windows: scrape.sum('windows'),
    'requests to the store': scrape.sum('storeRequestsActive'),
    'queue for the store': scrape.sum('storeQueue'),
    backfill: scrape.sum('backfill'),
    ...busyBytes(scrape),
  };
  return Object.entries(gauges).flatMap(([name, value]) => (value === 0 ? [] : [`${name} ${value}`]));
}

/** Cached chunks, large and small, stay; connections to the store keep their buffers. */
function busyBytes(scrape: Scrape): Readonly<Record<string, number>> {
  const {
    free: _free,
    cached: _cached,
    small: _small,
    connection: _connection,
    ...pool
  } = scrape.by('poolBytes', 'state');
  const { spare: _spare, cached: _kept, connection: _heads, ...ledger } = scrape.by('ledgerBytes', 'state');
  const named = (prefix: string, bytes: Readonly<Record<string, number>>) =>
    Object.entries(bytes).map(([state, value]) => [`${prefix} ${state}`, value] as const);
  return Object.fromEntries([...named('pool', pool), ...named('ledger', ledger)]);
}

function none(what: string, count: number, which = ''): Verdict {
  return { what, found: which === '' ? formatCount(count) : which, allowed: 'none', holds: count === 0 };
}

function atMost(what: string, value: number, limit: number, format: (value: number) => string): Verdict {
  return { what, found: format(value), allowed: `≤ ${format(limit)}`, holds: value <= limit };
}

function most(samples: readonly Sample[], figure: 'ledgerBytes' | 'unaccountedBytes'): number {
  return Math.max(...samples.map((sample) => sample[figure]));
}

function formatSeconds(seconds: number): string {
  return `${seconds.toFixed(2)} s`;
}

function formatSignedBytes(bytes: number): string {
  return `${bytes < 0 ? '-' : '+'}${formatBytes(Math.abs(bytes))}`;
}
