/** Two requests side by side, as text. */
import type { RequestDetail } from '#shared/request-model.ts';
import { formatBytes, formatDateTime, formatDuration } from '#shared/units.ts';
import { conditionName, ifRangeWord, outcomeWord } from '../words.ts';
import { combined } from './explained.ts';

export interface Line {
  readonly name: string;
  readonly one: string;
  readonly other: string;
}

const maybe = (milliseconds: number | undefined): string =>
  milliseconds === undefined ? '–' : formatDuration(milliseconds);

const facts: readonly (readonly [name: string, of: (row: RequestDetail['row']) => string])[] = [
  ['Came', (row) => formatDateTime(row.at)],
  ['Client', (row) => row.client],
  ['Method', (row) => row.method],
  ['Object', (row) => row.target],
  ['Range', (row) => row.range ?? '–'],
  ['If-Range', (row) => ifRangeWord(row.ifRange)],
  ['Status', (row) => `${row.status} ${outcomeWord(row)}`],
  ['Condition', (row) => conditionName(row.condition)],
  ['Sent', (row) => formatBytes(row.sentBytes)],
  ['Asked', (row) => (row.askedBytes === undefined ? '–' : formatBytes(row.askedBytes))],
  ['First byte', (row) => maybe(row.firstByteMs)],
  ['Duration', (row) => maybe(row.durationMs)],
  ['Held', (row) => maybe(row.heldMs)],
  ['Tier', (row) => row.tier ?? '–'],
  ['Complete', (row) => (row.complete ? 'yes' : 'no')],
];

/** Everything of the two that can be compared: facts, then the fields of both ways. */
export function comparedLines(one: RequestDetail, other: RequestDetail): readonly Line[] {
  return [
    ...facts.map(([name, of]) => ({ name, one: of(one.row), other: of(other.row) })),
    { name: 'ETag', one: one.representation?.etag ?? '–', other: other.representation?.etag ?? '–' },
    ...fieldLines('→', one.requestHeaders, other.requestHeaders),
    ...fieldLines('←', one.responseHeaders, other.responseHeaders),
  ];
}

function fieldLines(
  direction: string,
  one: RequestDetail['requestHeaders'],
  other: RequestDetail['requestHeaders'],
): readonly Line[] {
  const [left, right] = [combined(one), combined(other)];
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])].toSorted();
  return names.map((name) => ({
    name: `${direction} ${name}`,
    one: left[name] ?? '–',
    other: right[name] ?? '–',
  }));
}
