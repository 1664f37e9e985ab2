/** One request, and what a filter makes of it. */
import type { RequestRow } from '#shared/request-model.ts';
import { MiB } from '#shared/units.ts';
import { parseFilter, type Filter, type FilterRow } from './filter.ts';

export const now = Date.UTC(2026, 0, 31, 12);

export const plain: RequestRow = {
  seq: 7,
  at: now - 90_000,
  method: 'GET',
  target: 'github.com/owner/repo-a',
  rangeKind: 'single',
  ifRange: 'etag-match',
  objectBytes: 512 * MiB,
  status: 206,
  sentBytes: 100 * MiB,
  askedBytes: 200 * MiB,
  firstByteMs: 250,
  durationMs: 2500,
  heldMs: 900,
  tier: 'store',
  client: '10.1.4.7',
  complete: false,
};

export function filterOf(text: string): Filter {
  const parsed = parseFilter(text);
  if (parsed.kind === 'filter') return parsed.filter;
  throw new Error(`${text}: ${parsed.errors.map(({ message }) => message).join('; ')}`);
}

export const passes = (text: string, row: FilterRow = plain) => filterOf(text).matches(row, now);
