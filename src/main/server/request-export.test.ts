import { describe, expect, it } from 'vitest';
import { RequestLog } from '#main/telemetry/request-log.ts';
import { parseFilter, type Filter, type FilterRow } from '#shared/filter/filter.ts';
import { asLines, asTail, newestPassing } from './request-export.ts';

function add(log: RequestLog, count: number): void {
  for (let at = 0; at < count; at += 1)
    log.add({
      at: log.total,
      method: 'GET',
      target: `object-${log.total}`,
      status: log.total % 2 === 0 ? 200 : 404,
      sentBytes: 0,
      durationMs: 1,
      client: '10.1.4.7',
      complete: true,
    });
}

function filterOf(text: string): Filter {
  const parsed = parseFilter(text);
  if (parsed.kind === 'error') throw new Error(text);
  return parsed.filter;
}

const all = filterOf('');

describe('an export', () => {
  it('reads no further than its reader asks', async () => {
    const log = new RequestLog({ capacity: 10_000 });
    add(log, 10_000);
    let looked = 0;
    const matches = (row: FilterRow) => (looked = row.seq) >= 0;
    const pieces = asLines(log, { filter: { ...all, matches }, after: -1 });
    const { value } = await pieces.next();
    expect(value?.length).toBeLessThan(20_000);
    expect(looked).toBeLessThan(500);
    await pieces.return();
  });

  it('leaves out what has gone while it was not read, and what came after it began', async () => {
    const log = new RequestLog({ capacity: 1000 });
    add(log, 1000);
    const pieces = asLines(log, { filter: all, after: -1 });
    let text = (await pieces.next()).value ?? '';
    const read = text.split('\n').length - 1;
    add(log, 500);
    for await (const piece of pieces) text += piece;
    const seqs = text
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as FilterRow).seq);
    const kept = Array.from({ length: 500 }, (_, at) => 500 + at);
    expect(seqs).toEqual([...Array.from({ length: read }, (_, seq) => seq), ...kept]);
  });

  it('has the newest that pass, when it is limited', async () => {
    const log = new RequestLog();
    add(log, 3000);
    const filter = filterOf('status:404');
    let text = '';
    for await (const piece of asLines(log, { filter, after: -1, limit: 3 })) text += piece;
    expect(text.match(/"object-\d+"/g)).toEqual(['"object-2995"', '"object-2997"', '"object-2999"']);
    const { requests, hasOlder } = await newestPassing(log, filter, { before: 4, limit: 2 });
    expect([requests.map(({ seq }) => seq), hasOlder]).toEqual([[3, 1], false]);
  });
});

describe('a follower', () => {
  it('is told how many went by while it did not read', async () => {
    const log = new RequestLog({ capacity: 100 });
    const tail = asTail(log, { filter: filterOf('status:404'), after: -1 });
    expect((await tail.next()).value).toBe('\n');
    add(log, 350);
    const [first = '', ...rest] = ((await tail.next()).value ?? '').trimEnd().split('\n');
    expect(JSON.parse(first)).toEqual({ missed: 250 });
    expect(rest.map((line) => (JSON.parse(line) as FilterRow).seq)).toEqual(
      Array.from({ length: 50 }, (_, at) => 251 + 2 * at),
    );
    await tail.return();
  });
});
