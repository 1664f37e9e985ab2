import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Replay } from '#shared/contract/requests.ts';
import type { RequestDetail } from '#shared/request-model.ts';
import { comparedLines } from './compared.ts';
import { combined, explainDetail } from './explained.ts';
import { differencesOf, editsOf, replayInput } from './replayed.ts';
import { timingParts } from './timing-parts.ts';

const detail: RequestDetail = {
  row: {
    seq: 7,
    at: 1_700_000_000_000,
    method: 'GET',
    target: 'a/b',
    status: 206,
    sentBytes: 10,
    durationMs: 12,
    client: '10.0.0.1',
    complete: true,
    range: 'bytes=0-9',
  },
  url: '/api/v1/object/a/b?x=1',
  requestHeaders: [
    ['Host', 'here'],
    ['Accept', '*/*'],
    ['Range', 'bytes=0-9'],
    ['Authorization', 'redacted'],
  ],
  responseHeaders: [
    ['ETag', '"one"'],
    ['Date', 'then'],
    ['Content-Range', 'bytes 0-9/100'],
  ],
  representation: { length: 100, etag: '"one"', lastModified: 0 },
  timing: { lookupMs: 1, admissionMs: 2, firstByteMs: 5, durationMs: 12 },
  chunks: [],
  chunksHidden: 0,
  tierSpans: [],
};

describe('a replay', () => {
  it('starts with what the request had', () => {
    const edits = editsOf(detail);
    expect([edits.Range, edits['If-Range']]).toEqual(['bytes=0-9', '']);
  });

  it('sends the edits, and neither secrets nor what was for the connection', () => {
    const edits = { ...editsOf(detail), Range: '', 'If-None-Match': '"one"' };
    expect(replayInput(detail, 'HEAD', edits)).toEqual({
      request: {
        method: 'HEAD',
        path: '/api/v1/object/a/b?x=1',
        headers: [
          ['Accept', '*/*'],
          ['If-None-Match', '"one"'],
        ],
      },
    });
  });

  it('says what is different, and that the date is none', () => {
    const replay: Replay = {
      status: 416,
      headers: [
        ['etag', '"one"'],
        ['date', 'now'],
        ['content-range', 'bytes */100'],
      ],
      headMs: 1,
      durationMs: 1,
      bodyBytes: 0,
      bodyStart: '',
      complete: true,
    };
    expect(differencesOf(detail, replay)).toEqual([
      { name: 'status', before: '206', after: '416' },
      { name: 'body', before: '10 B', after: '0 B' },
      { name: 'content-range', before: 'bytes 0-9/100', after: 'bytes */100' },
    ]);
  });
});

describe('an explanation', () => {
  it('is of the fields that came and of what they found', () => {
    expect(explainDetail(detail)).toMatchObject({ status: 206, ranges: [{ start: 0, end: 10 }] });
    expect(explainDetail({ ...detail, representation: undefined })).toBeUndefined();
  });

  it('takes fields of one name together', () => {
    const fields = combined([
      ['If-Match', '"a"'],
      ['if-match', '"b"'],
    ]);
    expect(fields).toEqual({ 'if-match': '"a", "b"' });
  });
});

it('two requests are compared in facts and fields', () => {
  const other = { ...detail, row: { ...detail.row, status: 416 }, responseHeaders: [] };
  const different = comparedLines(detail, other).filter((line) => line.one !== line.other);
  expect(different.map(({ name }) => name)).toEqual(['Status', '← content-range', '← date', '← etag']);
});

it('the parts of the time are never negative and add up to the whole', () => {
  const time = fc.double({ min: 0, max: 1e6, noNaN: true });
  const timing = fc.record(
    { lookupMs: time, admissionMs: time, firstByteMs: time, durationMs: time },
    { requiredKeys: ['durationMs'] },
  );
  fc.assert(
    fc.property(timing, (timing) => {
      const parts = timingParts(timing);
      for (const { ms } of parts) expect(ms).toBeGreaterThanOrEqual(0);
      expect(parts.reduce((sum, { ms }) => sum + ms, 0)).toBeCloseTo(timing.durationMs, 3);
    }),
  );
});
