/** Small reads at random places of a large cold object, alone and while bulk transfers keep the server busy. */
import { formatDuration, GiB, KiB, MiB } from '#shared/units.ts';
import { pacedReads } from '../clients.ts';
import { wholeObjects, wrk } from '../load.ts';
import { median, percentile, spreadNote, takeTurns } from '../statistics.ts';
import { numbered, pathInSluice, randomContent, sparseContent, startBucket } from './bucket.ts';
import { atMost, megabytesPerSecond, type Bench, type Row } from './row.ts';

const readBytes = 64 * KiB;
const largeBytes = 16 * GiB;
const readsPerSecond = 50;
const bulkClients = 8;

export async function smallReads(bench: Bench): Promise<readonly Row[]> {
  const quick = bench.size === 'quick';
  const seconds = quick ? 4 : 12;
  await using bucket = await startBucket(bench.folder);
  await bucket.add(await sparseContent(bench.folder, largeBytes), ['large']);
  const bulk = numbered('bulk', 64);
  await bucket.add(await randomContent(bench.folder, 256 * MiB), bulk);
  await using sluice = await bench.startSluice(bucket.flags);
  const url = `${sluice.url}${pathInSluice('large')}`;
  const reads = async (count: number): Promise<number> => {
    const latencies = await pacedReads({ url, objectBytes: largeBytes, readBytes, readsPerSecond, count });
    return percentile(latencies, 0.99);
  };
  await reads(readsPerSecond);
  const bulkRates: number[] = [];
  const { idle, busy } = await takeTurns(quick ? 3 : 5, {
    idle: () => reads(seconds * readsPerSecond),
    busy: async () => {
      const script = wholeObjects(bulk.map(pathInSluice));
      const load = { connections: bulkClients, seconds: seconds + 1 };
      const running = wrk({ url: sluice.url, script, folder: bench.folder, ...load });
      const [latency, { bytesPerSecond }] = await Promise.all([reads(seconds * readsPerSecond), running]);
      bulkRates.push(bytesPerSecond);
      return latency;
    },
  });
  return [
    {
      scenario: 'random 64 KiB reads while bulk transfers run',
      sluice: `p99 ${formatDuration(median(busy))}${spreadNote(busy)}`,
      peer: `idle p99 ${formatDuration(median(idle))}${spreadNote(idle)}`,
      verdict: atMost(5, median(busy), median(idle)),
      note:
        `${readsPerSecond} reads a second, all cold, from when each was due to its last byte; beside ${bulkClients} bulk ` +
        `clients that take ${megabytesPerSecond(median(bulkRates))} in all, as fast as they can`,
    },
  ];
}
