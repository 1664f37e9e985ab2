/** Fast clients beside many that read the head of their answer and then stop. */
import { setTimeout as sleep } from 'node:timers/promises';
import { formatBytes, MiB } from '#shared/units.ts';
import { stalledClient } from '../clients.ts';
import { wholeObjects, wrk } from '../load.ts';
import { median, spreadNote, takeTurns } from '../statistics.ts';
import { numbered, pathInSluice, randomContent, startBucket } from './bucket.ts';
import { atLeast, megabytesPerSecond, type Bench, type Row } from './row.ts';

const objectBytes = 256 * MiB;
const fastClients = 16;
const stalledClients = 48;

export async function besideStalled(bench: Bench): Promise<readonly Row[]> {
  const quick = bench.size === 'quick';
  await using bucket = await startBucket(bench.folder);
  const content = await randomContent(bench.folder, objectBytes);
  const [fast, stalled] = [numbered('fast', 64), numbered('stalled', stalledClients)];
  await bucket.add(content, [...fast, ...stalled]);
  await using sluice = await bench.startSluice(bucket.flags);
  const throughput = async (): Promise<number> => {
    const script = wholeObjects(fast.map(pathInSluice));
    const load = { connections: fastClients, seconds: quick ? 3 : 8 };
    return (await wrk({ url: sluice.url, script, folder: bench.folder, ...load })).bytesPerSecond;
  };
  await throughput();
  const { alone, beside } = await takeTurns(quick ? 3 : 5, {
    alone: throughput,
    beside: async () => {
      using stuck = new DisposableStack();
      for (const name of stalled) stuck.use(await stalledClient(`${sluice.url}${pathInSluice(name)}`));
      await sleep(1000); // Until what they take is taken.
      const bytesPerSecond = await throughput();
      stuck.dispose();
      await sleep(500);
      return bytesPerSecond;
    },
  });
  return [
    {
      scenario: `${fastClients} fast clients, with and without ${stalledClients} stalled ones`,
      sluice: `with ${megabytesPerSecond(median(beside))}${spreadNote(beside)}`,
      peer: `without ${megabytesPerSecond(median(alone))}${spreadNote(alone)}`,
      verdict: atLeast(0.9, median(beside), median(alone)),
      note: `cold objects of ${formatBytes(objectBytes)}; what the fast ones get in all, medians of ${alone.length}`,
    },
  ];
}
