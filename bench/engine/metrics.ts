/** What Sluice says of itself in `/metrics`. */
import { setTimeout as sleep } from 'node:timers/promises';
import { metrics } from '#shared/telemetry.ts';

/** The sum over all labels of the metric called `name`, in the text of a scrape. */
function sumOf(text: string, name: string): number {
  const lines = text.split('\n').filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
  if (lines.length === 0) throw new Error(`${name} is not in /metrics`);
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}

export interface LedgerFigures {
  readonly peakBytes: number;
  readonly samples: number;
}

/** Samples the ledger every 200 ms until `signal`, and once more. */
export async function peakLedger(url: string, signal: AbortSignal): Promise<LedgerFigures> {
  let peakBytes = 0;
  for (let samples = 1; ; samples += 1) {
    const ended = signal.aborted;
    const text = await (await fetch(`${url}/metrics`)).text();
    peakBytes = Math.max(peakBytes, sumOf(text, metrics.ledgerBytes.name));
    if (ended) return { peakBytes, samples };
    await sleep(200);
  }
}
