/**
 * How long the console takes to filter all the requests that it keeps: `node bench/console-filter.ts`. The figure is
 * the time of the work itself; the view does it in slices of at most 5 ms.
 */
import { parseFilter } from '#shared/filter/filter.ts';
import type { RequestRow } from '#shared/request-model.ts';
import { formatBytes, formatCount } from '#shared/units.ts';
import { FilteredRows } from '../src/renderer/state/filtered-rows.ts';
import { RequestStore } from '../src/renderer/state/request-store.ts';
import { median } from './statistics.ts';

const rows = 50_000;
const rounds = 15;
const filters = [
  'status:206',
  'status:206,416 -status:304 tier:store ttfb>200ms',
  'object:repo-* client:10.1.*',
  'snapshot bytes>1MB',
  '(status:4xx or dur>2s) range:suffix at:-5m..-1m',
  'status:599',
] as const;

const now = 1_800_000_000_000;
const store = new RequestStore();
store.append(
  Array.from({ length: rows }, (_, seq) => request(seq)),
  0,
);
const { usedBytes, limitBytes } = store.memory;
console.log(
  `${formatCount(store.size)} rows in ${formatBytes(usedBytes)}, at most ${formatBytes(limitBytes)}\n`,
);
for (const text of filters) {
  const times = Array.from({ length: rounds }, () => measure(text));
  const matching = times[0]?.matching ?? 0;
  const sorted = times.map(({ milliseconds }) => milliseconds).toSorted((a, b) => a - b);
  const figures = `${median(sorted).toFixed(1)} ms, at most ${(sorted.at(-1) ?? 0).toFixed(1)} ms`;
  console.log(`${figures.padEnd(32)} ${formatCount(matching).padStart(7)} match  ${text}`);
}

function measure(text: string): { readonly milliseconds: number; readonly matching: number } {
  const startedAt = performance.now();
  const parsed = parseFilter(text);
  if (parsed.kind === 'error') throw new Error(parsed.errors[0]?.message);
  const found = new FilteredRows(store, (row, at) => parsed.filter.matches(row, at), undefined);
  found.advance(now, () => false);
  return { milliseconds: performance.now() - startedAt, matching: found.size };
}

function request(seq: number): RequestRow {
  const start = (seq * 65_536) % 100_000_000;
  return {
    seq,
    at: now - (rows - seq) * 10,
    method: 'GET',
    target: `git.example.com/team/repo-${seq % 40}/snapshot.tar.zst`,
    range: `bytes=${start}-${start + 65_535}`,
    rangeKind: seq % 50 === 0 ? 'suffix' : 'single',
    spans: [[start, start + 65_536]],
    objectBytes: 160_000_000,
    status: seq % 97 === 0 ? 416 : 206,
    sentBytes: 65_536 * (seq % 32),
    askedBytes: 65_536 * (seq % 32),
    firstByteMs: (seq * 7) % 400,
    durationMs: (seq * 13) % 3000,
    tier: (['memory', 'disk', 'store'] as const)[seq % 3] ?? 'store',
    client: `10.${seq % 4}.0.${seq % 200}`,
    complete: true,
  };
}
