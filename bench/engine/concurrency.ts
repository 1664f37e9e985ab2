/** An origin with a ceiling: does the number of connections that the engine settles on do as well as the best fixed? */
import { join } from 'node:path';
import type { FetchTuning } from '#main/fetch/tuning.ts';
import { MiB } from '#shared/units.ts';
import { wholeObjects, wrk } from '../load.ts';
import { bucketFlags, type Server } from '../processes.ts';
import { median, spreadNote, takeTurns } from '../statistics.ts';
import { numbered, pathInSluice } from './bucket.ts';
import { atLeast, megabytesPerSecond, type Bench, type Row } from './row.ts';
import { startShapedOrigin } from './shaped-origin.ts';

const clients = 8;
const perConnection = 60e6;
const fixed = [1, 2, 4, 8, 16] as const;

export async function concurrency(bench: Bench): Promise<readonly Row[]> {
  const quick = bench.size === 'quick';
  await using origin = await startShapedOrigin({
    objectBytes: 64 * MiB,
    firstByteMs: 20,
    bytesPerSecond: { ofConnection: perConnection, inAll: 200e6 },
  });
  await using servers = new AsyncDisposableStack();
  const script = wholeObjects(numbered('capped', 512).map(pathInSluice));
  const variant = async (name: string, tuning: FetchTuning) => {
    const flags = [...bucketFlags(origin.url), '--data-dir', join(bench.folder, name), '--disk-cache', '0'];
    const server: Server = servers.use(await bench.startTuned({ flags, tuning }));
    const measure = async (): Promise<number> => {
      const load = { connections: clients, seconds: quick ? 3 : 10 };
      return (await wrk({ url: server.url, script, folder: bench.folder, ...load })).bytesPerSecond;
    };
    return [name, measure] as const;
  };
  const variants = [await variant('adaptive', {})];
  for (const count of fixed) {
    variants.push(await variant(`${count}`, { connections: { start: count, min: count, max: count } }));
  }
  const figures = await takeTurns(quick ? 1 : 3, Object.fromEntries(variants));
  const alone = median(figures[1] ?? []);
  if (alone > perConnection * 1.1)
    throw new Error(
      `one connection brought ${megabytesPerSecond(alone)}: the server did not heed its tuning`,
    );
  const adaptive = figures['adaptive'] ?? [];
  const medians = fixed.map((count) => ({ count, rate: median(figures[count] ?? []) }));
  const [best = { count: 0, rate: Number.NaN }] = medians.toSorted((a, b) => b.rate - a.rate);
  const curve = medians.map(({ count, rate }) => `${count}: ${megabytesPerSecond(rate)}`).join(', ');
  return [
    {
      scenario: 'origin capped at 200 MB/s in all, 60 per connection',
      sluice: `adaptive ${megabytesPerSecond(median(adaptive))}${spreadNote(adaptive)}`,
      peer: `best fixed, ${best.count} connections, ${megabytesPerSecond(best.rate)}`,
      verdict: atLeast(0.95, median(adaptive), best.rate),
      note: `${clients} clients on cold objects, first bytes after 20 ms, what it has to find out included; fixed: ${curve}`,
    },
  ];
}
