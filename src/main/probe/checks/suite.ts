/** All checks of a server, one after the other. */
import { destinationOf, parseTarget, type Reach, type Resolve } from '#main/probe/reach.ts';
import { curlLine } from '#shared/curl.ts';
import { isSluiceError, messageOf, SluiceError } from '#shared/errors.ts';
import type { CheckedObject, CheckResult } from '#shared/lab-model.ts';
import type { CheckVerdict } from '#shared/vocabulary/lab.ts';
import { Bench } from './bench.ts';
import { type Check, type Outcome, unmet } from './check.ts';
import { connectionChecks } from './connection-checks.ts';
import { ifRangeChecks } from './if-range-checks.ts';
import { multiChecks } from './multi-checks.ts';
import { objectChecks } from './object-checks.ts';
import { preconditionChecks } from './precondition-checks.ts';
import { rangeChecks } from './range-checks.ts';

export const allChecks: readonly Check[] = [
  ...objectChecks,
  ...rangeChecks,
  ...multiChecks,
  ...ifRangeChecks,
  ...preconditionChecks,
  ...connectionChecks,
];

export interface CheckOptions {
  readonly url: string;
  readonly reach: Reach;
  readonly resolve?: Resolve;
  /** Which to run; all when absent. */
  readonly checks?: readonly Check[];
  /** Called once, before the first check. */
  readonly onObject: (object: CheckedObject) => void;
  /** Called with each result. */
  readonly onResult: (result: CheckResult) => void;
}

/**
 * Runs the checks. An answer that does not arrive fails its check, and the others go on.
 * @throws SluiceError INVALID_INPUT for a URL that cannot be checked, FORBIDDEN; STORE_UNAVAILABLE, STORE_STALLED,
 * STORE_MISBEHAVED when there is no answer at all; ABORTED
 */
export async function checkServer(options: CheckOptions, signal: AbortSignal): Promise<void> {
  const { reach, resolve, checks = allChecks, onObject, onResult } = options;
  const url = parseTarget(options.url);
  const destination = await destinationOf(url, reach, resolve);
  const bench = new Bench(url, destination, signal);
  const { length, etag, lastModified, whole } = await bench.look();
  const server = whole.field('server');
  const { address, family, port } = destination;
  onObject({
    url: url.href,
    address: `${family === 6 ? `[${address}]` : address}:${port}`,
    ...(server !== undefined && { server: server.slice(0, 200) }),
    ...(length !== undefined && { length }),
    ...(etag !== undefined && { etag: etag.slice(0, 500) }),
    ...(lastModified !== undefined && { lastModified: lastModified.slice(0, 100) }),
  });
  for (const check of checks) {
    if (signal.aborted) throw new SluiceError('ABORTED', 'cancelled', { cause: signal.reason });
    onResult(await runCheck(check, bench));
  }
}

async function runCheck(check: Check, bench: Bench): Promise<CheckResult> {
  bench.forget();
  const startedAt = performance.now();
  const outcome = await check.run(bench).catch((error: unknown): Outcome => {
    if (isSluiceError(error, 'ABORTED')) throw error;
    return unmet(`No answer: ${messageOf(error)}.`);
  });
  const { id, title, section, level } = check;
  const last = bench.asked.at(-1) ?? { method: 'GET', fields: {} };
  return {
    id,
    title,
    section,
    level,
    verdict: verdictOf(check, outcome),
    sentence: outcome.sentence.slice(0, 1000),
    curl: curlLine({ url: bench.url.href, method: last.method, fields: Object.entries(last.fields) }),
    durationMs: performance.now() - startedAt,
  };
}

function verdictOf({ level }: Check, { kind }: Outcome): CheckVerdict {
  if (kind === 'met') return 'pass';
  if (kind === 'inapplicable') return 'not applicable';
  return kind === 'unmet' && level === 'MUST' ? 'fail' : 'warn';
}
