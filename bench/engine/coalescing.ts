/** Many clients want the same cold object at the same time; the origin should be asked for it once. */
import { formatBytes, MiB } from '#shared/units.ts';
import { timeCurl } from '../load.ts';
import { median, takeTurns } from '../statistics.ts';
import { numbered, pathInSluice, randomContent, startBucket } from './bucket.ts';
import { atMost, type Bench, type Row } from './row.ts';

const clients = 32;

export async function coalescing(bench: Bench): Promise<readonly Row[]> {
  const objectBytes = (bench.size === 'quick' ? 64 : 256) * MiB;
  const rounds = bench.size === 'quick' ? 1 : 3;
  await using bucket = await startBucket(bench.folder);
  const names = numbered('same', rounds);
  await bucket.add(await randomContent(bench.folder, objectBytes), names);
  await using sluice = await bench.startSluice(bucket.flags);
  const { sent } = await takeTurns(rounds, {
    sent: async (round) => {
      const before = await bucket.sentBytes();
      const url = `${sluice.url}${pathInSluice(names[round] ?? '')}`;
      await Promise.all(Array.from({ length: clients }, () => timeCurl([url], objectBytes)));
      return (await bucket.sentBytes()) - before;
    },
  });
  return [
    {
      scenario: `${clients} clients, the same cold object`,
      sluice: `${formatBytes(median(sent))} from the origin`,
      peer: `the object ${formatBytes(objectBytes)}`,
      verdict: atMost(1.02, median(sent), objectBytes),
      note: `body bytes that the origin sent; median of ${rounds}, at most ${formatBytes(Math.max(...sent))}; every client got all bytes`,
    },
  ];
}
