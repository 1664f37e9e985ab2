/** Durations as Go writes them, the format of Time-To-Live: `1h30m`, `1.5h`, `300ms`. */
import { SluiceError } from '#shared/errors.ts';

const nanosecondsPerUnit: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

/** Bounds the work that hostile text can cause. */
const maxLength = 64;

const term = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g;

/** Go keeps nanoseconds in 63 bits: about 292 years. */
const maxMilliseconds = Number(2n ** 63n / 1_000_000n);

/** Milliseconds, or `undefined` when `text` is not a Go duration or is beyond what Go can hold. */
export function parseGoDuration(text: string): number | undefined {
  if (text.length > maxLength) return undefined;
  const match = /^([+-]?)(.+)$/s.exec(text);
  const sign = match?.[1] === '-' ? -1 : 1;
  const body = match?.[2] ?? '';
  if (body === '0') return 0;
  const terms = [...body.matchAll(term)];
  const covered = terms.map(([whole]) => whole).join('');
  if (terms.length === 0 || covered !== body) return undefined;
  let nanoseconds = 0;
  for (const [, number, unit = ''] of terms) {
    nanoseconds += Number(number) * (nanosecondsPerUnit[unit] ?? Number.NaN);
  }
  const milliseconds = nanoseconds / 1e6;
  return milliseconds <= maxMilliseconds ? sign * milliseconds : undefined;
}

/**
 * How long an upload's object is to live, in milliseconds; `undefined` when there is no Time-To-Live field.
 * @throws SluiceError INVALID_INPUT when it is not a duration above zero.
 */
export function timeToLive(field: string | undefined): number | undefined {
  if (field === undefined) return undefined;
  const milliseconds = parseGoDuration(field.trim());
  if (milliseconds !== undefined && milliseconds > 0) return milliseconds;
  throw new SluiceError(
    'INVALID_INPUT',
    `Time-To-Live ${field}: allowed is a duration above zero like 1h30m or 300ms`,
  );
}
