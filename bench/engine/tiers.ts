/** Ranges of an object that is in the memory or the disk tier, beside nginx with sendfile. */
import { formatBytes, MiB } from '#shared/units.ts';
import { formatRanges, measureRanges } from '../ranges.ts';
import { median, spreadNote } from '../statistics.ts';
import { atLeast, type Bench, type Row } from './row.ts';

export async function tierRanges(bench: Bench): Promise<readonly Row[]> {
  const quick = bench.size === 'quick';
  const figures = await measureRanges({
    folder: bench.folder,
    seconds: quick ? 1 : 4,
    rounds: quick ? 3 : 5,
    start: bench.startSluice,
  });
  return figures.map(({ tier, rangeBytes, connections, ours, peers }) => ({
    scenario: `${formatBytes(rangeBytes)} ranges, ${tier} tier, ${connections} connections`,
    sluice: formatRanges(median(ours), rangeBytes) + spreadNote(ours),
    peer: `nginx sendfile ${formatRanges(median(peers), rangeBytes)}${spreadNote(peers)}`,
    verdict: atLeast(rangeBytes >= 8 * MiB ? 0.9 : 0.7, median(ours), median(peers)),
  }));
}
