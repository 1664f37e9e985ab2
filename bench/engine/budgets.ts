/** What a smaller budget costs: clients on cold objects from a line where only many requests at a time are fast. */
import { join } from 'node:path';
import { formatBytes, MiB } from '#shared/units.ts';
import { wholeObjects, wrk } from '../load.ts';
import { bucketFlags } from '../processes.ts';
import { median, spreadNote, takeTurns } from '../statistics.ts';
import { numbered, pathInSluice } from './bucket.ts';
import { megabytesPerSecond, type Bench, type Row } from './row.ts';
import { startShapedOrigin } from './shaped-origin.ts';
import { ratio } from '../table.ts';

const clients = 8;
const largest = 512;
const budgets = [32, 64, 128, 256, largest] as const;

export async function budgetCurve(bench: Bench): Promise<readonly Row[]> {
  const quick = bench.size === 'quick';
  await using origin = await startShapedOrigin({
    objectBytes: 256 * MiB,
    firstByteMs: 20,
    bytesPerSecond: { ofConnection: 60e6 },
  });
  await using servers = new AsyncDisposableStack();
  const script = wholeObjects(numbered('cold', 128).map(pathInSluice));
  const variants: Record<string, () => Promise<number>> = {};
  for (const budget of budgets) {
    const limits = ['--memory-budget', `${budget}MiB`, '--chunk-size', '1MiB', '--disk-cache', '0'];
    const places = [...bucketFlags(origin.url), '--data-dir', join(bench.folder, `${budget}`)];
    const { url } = servers.use(await bench.startSluice([...places, ...limits]));
    variants[budget] = async () => {
      const load = { connections: clients, seconds: quick ? 3 : 8 };
      return (await wrk({ url, script, folder: bench.folder, ...load })).bytesPerSecond;
    };
  }
  const figures = await takeTurns(quick ? 1 : 3, variants);
  const at = (budget: number): readonly number[] => figures[budget] ?? [];
  const note = `${clients} clients on cold objects, chunks of 1 MiB, 60 MB/s a connection, first bytes after 20 ms`;
  return budgets.map((budget) => ({
    scenario: `budget ${formatBytes(budget * MiB)}`,
    sluice: megabytesPerSecond(median(at(budget))) + spreadNote(at(budget)),
    peer: `at ${formatBytes(largest * MiB)} ${megabytesPerSecond(median(at(largest)))}`,
    verdict: {
      ratio: ratio(median(at(budget)), median(at(largest))),
      toReach: 'curve printed',
      reached: '–',
    },
    note: budget === largest ? note : undefined,
  }));
}
