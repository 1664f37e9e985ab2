import { describe, expect, it } from 'vitest';
import { RequestLog } from './request-log.ts';

function logOf(count: number, capacity: number): RequestLog {
  const log = new RequestLog({ capacity });
  for (let index = 0; index < count; index += 1) {
    log.add({
      at: index,
      method: 'GET',
      target: `object-${index}`,
      status: index % 2 === 0 ? 206 : 416,
      sentBytes: 10,
      durationMs: 1,
      client: '127.0.0.1',
      complete: true,
    });
  }
  return log;
}

describe('request log', () => {
  it('a reader goes on where it left off', () => {
    const log = logOf(5, 10);
    const first = log.read(-1, 3);
    expect(first.requests.map(({ seq }) => seq)).toEqual([2, 3, 4]);
    expect(log.read(first.cursor, 3)).toEqual({ requests: [], cursor: 5, missed: 0 });
  });

  it('a reader that is too slow misses the oldest and is told how many', () => {
    const page = logOf(100, 10).read(20, 4);
    expect(page.missed).toBe(70);
    expect(page.requests.map(({ seq }) => seq)).toEqual([90, 91, 92, 93]);
    expect(page.cursor).toBe(94);
  });

  it('a cursor from another life of the server reads from now on', () => {
    expect(logOf(3, 10).read(5000, 10)).toEqual({ requests: [], cursor: 3, missed: 0 });
  });

  it('counts by method and status for ever, in fixed memory for rows', () => {
    const log = logOf(100, 10);
    expect(Object.fromEntries(log.counts())).toEqual({ 'GET 206': 50, 'GET 416': 50 });
    expect(log.sentBytes).toBe(1000);
  });

  it('is read backwards, page by page', () => {
    const log = logOf(25, 10);
    const newest = log.older(undefined, 4);
    expect([newest.requests.map(({ seq }) => seq), newest.hasOlder]).toEqual([[24, 23, 22, 21], true]);
    const rest = log.older(21, 100);
    expect([rest.requests.map(({ seq }) => seq), rest.hasOlder]).toEqual([[20, 19, 18, 17, 16, 15], false]);
    expect(log.older(3, 10)).toEqual({ requests: [], hasOlder: false });
  });

  it('tells watchers of what is added until they leave', () => {
    const log = logOf(0, 10);
    const seen: number[] = [];
    const row = { at: 0, method: 'GET', target: '', status: 200, sentBytes: 0, durationMs: 0, client: '' };
    {
      using _watch = log.watch(({ seq }) => seen.push(seq));
      log.add({ ...row, complete: true });
    }
    log.add({ ...row, complete: true });
    expect(seen).toEqual([0]);
  });
});
