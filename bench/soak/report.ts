/** What the soak prints. */
import { formatBytes, formatCount } from '#shared/units.ts';
import { printTable } from '../table.ts';
import { verdictsOf, type Evidence } from './verdicts.ts';

const mostDetails = 30;

/** The load, the verdicts, and what went wrong. True when everything holds. */
export function printReport(evidence: Evidence): boolean {
  const { tally, bucket, complaints, idleRssBytes } = evidence;
  const verdicts = verdictsOf(evidence);
  printLoad(evidence);
  printTable({
    title: 'soak',
    columns: ['what', 'found', 'allowed', 'holds'],
    rows: verdicts.map(({ what, found, allowed, holds }) => [what, found, allowed, holds ? 'yes' : 'NO']),
    note: `Idle RSS ${formatBytes(idleRssBytes)}.`,
  });
  const details = [...tally.wrong, ...bucket.wrongUploads, ...tally.faults, ...complaints];
  for (const detail of [...new Set(details)].slice(0, mostDetails)) console.error(detail);
  return verdicts.every(({ holds }) => holds);
}

function printLoad({ tally, bucket, uploaded, replaced }: Evidence): void {
  const answers = Object.values(tally.answers).reduce((sum, count) => sum + count, 0);
  const faults = Object.entries(bucket.faults).map(([kind, count]) => `${count} ${kind}`);
  console.log(
    `clients: ${formatCount(answers)} answers, ${formatBytes(tally.bytes)}, ${formatCount(tally.left)} left early, ` +
      `${formatCount(tally.brokenOff)} broken off by a new revision, ${formatCount(tally.refused)} refused`,
  );
  console.log(
    `store: ${formatCount(bucket.requests)} requests, ${formatBytes(bucket.sentBytes)}, ` +
      `${uploaded} uploads, ${replaced} replacements; faults: ${faults.join(', ')}; ` +
      `${formatCount(bucket.heldUp)} held up by the machine`,
  );
}

/** Some twenty of the samples. */
export function printSamples({ samples }: Evidence): void {
  const every = Math.ceil(samples.length / 20);
  printTable({
    title: 'samples',
    columns: ['seconds', 'RSS', 'ledger', 'array buffers beyond it', 'JavaScript heap'],
    rows: samples
      .filter((_, index) => index % every === 0)
      .map(({ seconds, rssBytes, ledgerBytes, unaccountedBytes, heapBytes }) => {
        const figures = [rssBytes, ledgerBytes, unaccountedBytes, heapBytes];
        return [seconds.toFixed(0)].concat(figures.map(formatBytes));
      }),
    note: 'One a second is taken.',
  });
}
