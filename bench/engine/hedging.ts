/** An origin whose answers are late now and then: what a second request is worth, and what it costs. */
import { Agent } from 'node:http';
import { join } from 'node:path';
import { formatCount, formatDuration, GiB, KiB } from '#shared/units.ts';
import { timeRead } from '../clients.ts';
import { bucketFlags } from '../processes.ts';
import { percentile, takeTurns } from '../statistics.ts';
import { numbered, pathInSluice } from './bucket.ts';
import { atMost, type Bench, type Row } from './row.ts';
import { countsOf, startShapedOrigin } from './shaped-origin.ts';

const late = { share: 0.01, milliseconds: 800 } as const;
const firstByteMs = 20;
const workers = 8;
const readBytes = 64 * KiB;
/** So large that no two reads come to the same chunk in a while. */
const objectBytes = 64 * GiB;

export async function hedging(bench: Bench): Promise<readonly Row[]> {
  const quick = bench.size === 'quick';
  const count = quick ? 600 : 2000;
  const { on, off } = await takeTurns(quick ? 1 : 3, {
    off: (round) => firstBytes(bench, 'off', round, count),
    on: (round) => firstBytes(bench, 'on', round, count),
  });
  const requests = (runs: readonly FirstBytes[]): number => runs.reduce((sum, run) => sum + run.requests, 0);
  const extra = requests(on) / requests(off) - 1;
  // Where a read takes one request, exactly 1 % of the reads are late: 99.5 % is clear of that edge, 99 % is on it.
  const row = (kind: 'cold' | 'known', scenario: string, share: 0.99 | 0.995): Row => {
    const [fast, slow] = [on.flatMap((run) => run[kind]), off.flatMap((run) => run[kind])];
    return {
      scenario: `1 % of origin answers 800 ms late, hedging on / off, ${scenario}`,
      sluice: `p${share * 100} first byte ${formatDuration(percentile(fast, share))}`,
      peer: `hedging off ${formatDuration(percentile(slow, share))}`,
      verdict: atMost(0.25, percentile(fast, share), percentile(slow, share)),
      note: `${formatCount(fast.length)} reads, ${workers} at a time, other answers after ${firstByteMs} ms; first bytes after 400 ms or more: ${lateShare(fast)} on, ${lateShare(slow)} off`,
    };
  };
  return [
    row('cold', 'cold objects', 0.99),
    row('known', 'ranges of one object', 0.995),
    {
      scenario: 'its extra requests',
      sluice: `${formatCount(requests(on))} requests at the origin`,
      peer: `hedging off ${formatCount(requests(off))}`,
      verdict: {
        ratio: `${extra < 0 ? '' : '+'}${percent(extra)}`,
        toReach: '≤ 5 %',
        reached: extra <= 0.05 ? 'yes' : 'no',
      },
    },
  ];
}

/** Milliseconds to the first bytes of ranges: of an object each, and of one object. */
interface FirstBytes {
  readonly cold: readonly number[];
  readonly known: readonly number[];
  readonly requests: number;
}

/** Each run has an origin of its own, so all meet the same delays. */
async function firstBytes(
  bench: Bench,
  hedging: 'on' | 'off',
  round: number,
  count: number,
): Promise<FirstBytes> {
  await using origin = await startShapedOrigin({ objectBytes, firstByteMs, late });
  const dataDir = join(bench.folder, `${hedging}-${round}`);
  const flags = [...bucketFlags(origin.url), '--data-dir', dataDir, '--disk-cache', '0'];
  await using sluice = await bench.startTuned({ flags, tuning: { hedging } });
  const before = (await countsOf(origin)).requests;
  const cold = await readAll(
    numbered('late', count).map((name) => ({ url: `${sluice.url}${pathInSluice(name)}`, start: 0 })),
  );
  const url = `${sluice.url}${pathInSluice('known')}`;
  const places = objectBytes / readBytes;
  // Odd steps through a power of two meet every place once, and none near the one before.
  const known = await readAll(
    Array.from({ length: count }, (_, index) => ({ url, start: ((index * 6151) % places) * readBytes })),
  );
  return { cold, known, requests: (await countsOf(origin)).requests - before };
}

async function readAll(
  reads: readonly { readonly url: string; readonly start: number }[],
): Promise<readonly number[]> {
  const agent = new Agent({ keepAlive: true });
  const milliseconds: number[] = [];
  const left = reads.values();
  const worker = async (): Promise<void> => {
    for (const { url, start } of left) {
      const startedAt = performance.now();
      const { firstByteAt } = await timeRead(url, { start, end: start + readBytes }, agent);
      milliseconds.push(firstByteAt - startedAt);
    }
  };
  await Promise.all(Array.from({ length: workers }, worker));
  agent.destroy();
  return milliseconds;
}

function lateShare(values: readonly number[]): string {
  return percent(values.filter((value) => value >= 400).length / values.length);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
