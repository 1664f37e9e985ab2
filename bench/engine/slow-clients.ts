/** Many slow clients, each with a large object of its own, under a small budget: what is held, and that it is right. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { formatBytes, GiB, MiB } from '#shared/units.ts';
import { objectKey } from '#main/http/names.ts';
import { slowClient, type ClientResult } from '../clients.ts';
import { hashOf } from '../origin.ts';
import { bucketFlags, figuresOf, startServer } from '../processes.ts';
import { numbered, pathInSluice } from './bucket.ts';
import { peakLedger, type LedgerFigures } from './metrics.ts';
import type { Bench, Row, Verdict } from './row.ts';

const clients = 64;
const names = numbered('slow', clients);
const objectBytes = GiB;
const budgetBytes = 256 * MiB;
/** What RSS may be above idle and the budget. */
const slackBytes = 64 * MiB;
const originProgram = new URL('../origin.ts', import.meta.url).pathname;

export async function slowClients(bench: Bench): Promise<readonly Row[]> {
  const seconds = bench.size === 'quick' ? 30 : 60;
  await using origin = await startServer(process.execPath, [originProgram, `${objectBytes}`]);
  const limits = ['--memory-budget', `${budgetBytes}`, '--disk-cache', '0'];
  const places = [...bucketFlags(origin.url), '--data-dir', join(bench.folder, 'data')];
  await using sluice = await bench.startSluice([...places, ...limits]);
  await sleep(1000);
  const idleRssBytes = (await figuresOf(sluice.pid)).rssBytes;
  const stop = bench.length === 'whole' ? new AbortController().signal : AbortSignal.timeout(seconds * 1000);
  const sampling = new AbortController();
  const [ledger, readings] = await Promise.all([
    peakLedger(sluice.url, sampling.signal),
    Promise.all(names.map((name) => slowClient(`${sluice.url}${pathInSluice(name)}`, MiB, stop))).finally(
      () => sampling.abort(),
    ),
  ]);
  const { peakRssBytes } = await figuresOf(sluice.pid);
  const wantedBytes = bench.length === 'whole' ? objectBytes : (seconds * MiB) / 2;
  const right = readings.filter((reading, index) => isRight(reading, names[index] ?? '', wantedBytes)).length;
  if (right < clients) process.exitCode = 1;
  const least = formatBytes(Math.min(...readings.map(({ bytes }) => bytes)));
  const checked =
    bench.length === 'whole'
      ? 'SHA-256 of the whole objects'
      : `SHA-256 of the prefixes that ${seconds} s brought, at least ${least} each; --whole reads to the end`;
  return rowsOf({ ledger, idleRssBytes, peakRssBytes, right, checked });
}

function isRight({ sha256, bytes }: ClientResult, name: string, wantedBytes: number): boolean {
  return bytes >= wantedBytes && sha256 === hashOf(objectKey('bench', name), bytes);
}

interface Outcome {
  readonly ledger: LedgerFigures;
  readonly idleRssBytes: number;
  readonly peakRssBytes: number;
  /** Clients that got enough, and the right bytes. */
  readonly right: number;
  readonly checked: string;
}

function rowsOf({ ledger, idleRssBytes, peakRssBytes, right, checked }: Outcome): readonly Row[] {
  const allowedRssBytes = idleRssBytes + budgetBytes + slackBytes;
  return [
    {
      scenario: `${clients} clients at 1 MiB/s, ${clients} objects of ${formatBytes(objectBytes)}, budget ${formatBytes(budgetBytes)}`,
      sluice: `ledger at most ${formatBytes(ledger.peakBytes)}`,
      peer: `budget ${formatBytes(budgetBytes)}`,
      verdict: below(ledger.peakBytes, budgetBytes, '≤ budget at every sample'),
      note: `${ledger.samples} samples of /metrics, one each 200 ms`,
    },
    {
      scenario: 'its memory',
      sluice: `RSS at most ${formatBytes(peakRssBytes)}`,
      peer: `idle ${formatBytes(idleRssBytes)} + budget`,
      verdict: below(peakRssBytes, allowedRssBytes, `≤ idle + budget + ${formatBytes(slackBytes)}`),
      note: "the kernel's high-water mark; the ratio is to all that is allowed",
    },
    {
      scenario: 'its bytes',
      sluice: `${right} right`,
      peer: `of ${clients}`,
      verdict: { ratio: '–', toReach: 'every hash right', reached: right === clients ? 'yes' : 'no' },
      note: checked,
    },
  ];
}

function below(value: number, limit: number, toReach: string): Verdict {
  return { ratio: `${(value / limit).toFixed(2)} ×`, toReach, reached: value <= limit ? 'yes' : 'no' };
}
