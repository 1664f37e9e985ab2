import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { KiB, MiB } from '#shared/units.ts';
import { maxChunkUses, type RequestRow } from '#shared/request-model.ts';
import { RequestDetails, type KeptDetail } from './request-details.ts';
import { RequestLog } from './request-log.ts';

/** A string of its own, as a parser makes it. */
const fresh = (text: string) => Buffer.from(text).toString('latin1');

function detailOf(seq: number, chunks = 1): KeptDetail {
  const fields = ['Host', '127.0.0.1:7420', 'Range', `bytes=${seq}-`, 'Accept', '*/*', 'User-Agent', 'node'];
  return {
    url: fresh(`/git/github.com/owner/repository-${seq}/snapshot.tar.zst`),
    requestFields: fields.map(fresh),
    responseFields: fields.map(fresh),
    representation: { length: seq, etag: fresh(`"${seq}"`), lastModified: seq + 0.5 },
    lookupMs: seq + 0.5,
    admissionMs: seq + 0.25,
    chunks: Array.from({ length: chunks }, (_, index) => ({
      index,
      start: seq,
      end: seq + 1,
      tier: 'disk',
      waitMs: index + 0.5,
      heldMs: index + 0.25,
    })),
    chunksHidden: 0,
    tierSpans: [{ start: seq, end: seq + 1, tier: 'disk' }],
  };
}

const rowOf = (seq: number): RequestRow => ({
  seq,
  at: 0,
  method: 'GET',
  target: 'object',
  status: 200,
  sentBytes: 0,
  durationMs: 4,
  firstByteMs: 3,
  client: '127.0.0.1',
  complete: true,
});

function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}

describe('details of requests', () => {
  it('are kept for the newest, in a fixed number of bytes', () => {
    const details = new RequestDetails(64 * KiB);
    for (let seq = 0; seq < 1000; seq += 1) {
      details.add(seq, detailOf(seq, seq % 3));
      expect(details.bytes).toBeLessThanOrEqual(64 * KiB);
    }
    expect(details.of(rowOf(0))).toBeUndefined();
    const kept = Array.from({ length: 1000 }, (_, seq) => details.of(rowOf(seq)) !== undefined);
    expect(kept.indexOf(true)).toBeLessThan(980);
    expect(kept.lastIndexOf(false)).toBe(kept.indexOf(true) - 1);
    expect(details.of(rowOf(999))).toMatchObject({
      url: '/git/github.com/owner/repository-999/snapshot.tar.zst',
      requestHeaders: [
        ['Host', '127.0.0.1:7420'],
        ['Range', 'bytes=999-'],
        ['Accept', '*/*'],
        ['User-Agent', 'node'],
      ],
      timing: { lookupMs: 999.5, admissionMs: 999.25, firstByteMs: 3, durationMs: 4 },
    });
  });

  it.each([1, maxChunkUses])('take about as much as is said of them, with %i chunks each', (chunks) => {
    const details = new RequestDetails(8 * MiB);
    const before = heapBytes();
    for (let seq = 0; seq < 20_000; seq += 1) details.add(seq, detailOf(seq, chunks));
    const taken = heapBytes() - before;
    expect(details.bytes / MiB).toBeCloseTo(8, 1);
    expect(taken).toBeLessThan(details.bytes * 1.15);
    expect(taken).toBeGreaterThan(details.bytes * 0.5);
  });

  it('that are larger than all room are not kept', () => {
    const details = new RequestDetails(100);
    details.add(0, detailOf(0));
    expect([details.bytes, details.of(rowOf(0))]).toEqual([0, undefined]);
  });
});

describe('rows of requests', () => {
  it('take at most 40 MiB, all that are kept', () => {
    const before = heapBytes();
    const log = new RequestLog({ detailBytes: 0 });
    for (let at = 0; at < 60_000; at += 1)
      log.add({
        ...rowOf(0),
        at,
        target: fresh(`github.com/owner/repository-${at}`),
        range: fresh(`bytes=${at}-${at + 99}`),
        spans: [[at, at + 100]],
        durationMs: at + 0.5,
        firstByteMs: at + 0.25,
        client: fresh('10.1.4.7'),
      });
    expect((heapBytes() - before) / MiB).toBeLessThan(40);
    expect([log.oldest, log.row(9999), log.row(10_000)?.at]).toEqual([10_000, undefined, 10_000]);
  });
});
