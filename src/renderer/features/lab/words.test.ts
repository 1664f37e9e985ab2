import { describe, expect, it } from 'vitest';
import { explain } from '#shared/explain.ts';
import type { CheckResult, CheckRun, LabAnswer } from '#shared/lab-model.ts';
import { requestOf } from './form.ts';
import { bytesOfBase64, hexLines } from '../../ui/hex.ts';
import { reportOf } from './report.ts';
import { representationOf, servedRanges } from './representation.ts';
import { suggestedUrls } from './suggestions.ts';
import { agreementOf, bodyWords, noteOf, presetsFor, urlOfTarget } from './words.ts';

function answered(more: Partial<LabAnswer>): LabAnswer {
  return {
    url: 'http://host/x',
    method: 'GET',
    sent: [],
    address: '127.0.0.1:80',
    status: 200,
    reason: 'OK',
    fields: [],
    moreFields: 0,
    bodyBytes: 0,
    ended: 'whole',
    start: '',
    sha256: '',
    timing: { firstByteMs: 1, bodyMs: 1, totalMs: 2 },
    ...more,
  };
}

describe('what an answer tells of the object', () => {
  it.each([
    [{ status: 206, fields: [['Content-Range', 'bytes 0-9/1000']] }, 1000],
    [{ status: 416, fields: [['content-range', 'bytes */1000']] }, 1000],
    [{ status: 200, fields: [['Content-Length', '1000']] }, 1000],
    [{ status: 200, method: 'HEAD', fields: [['Content-Length', '1000']] }, 1000],
    [{ status: 200, bodyBytes: 7 }, 7],
    [{ status: 200, bodyBytes: 7, ended: 'limit' }, undefined],
    [{ status: 404, fields: [['Content-Length', '9']] }, undefined],
    [{ status: 206, fields: [['Content-Range', 'bytes 0-9/*']] }, undefined],
    [
      {
        status: 206,
        fields: [['Content-Type', 'multipart/byteranges; boundary=B']],
        start: btoa('--B\r\nContent-Range: bytes 0-9/1000\r\n\r\n'),
      },
      1000,
    ],
  ] as const)('%j: its length is %s', (more, length) => {
    expect(representationOf(answered(more as unknown as Partial<LabAnswer>))?.length).toBe(length);
  });

  it('which bytes came', () => {
    const type = [['Content-Type', 'multipart/byteranges; boundary=B']] as LabAnswer['fields'];
    expect(servedRanges(answered({ status: 206, fields: [['Content-Range', 'bytes 5-9/10']] }))).toEqual([
      { start: 5, end: 10 },
    ]);
    expect(
      servedRanges(
        answered({
          status: 206,
          fields: type,
          parts: [
            [0, 10],
            [20, 30],
          ],
        }),
      ),
    ).toEqual([
      { start: 0, end: 10 },
      { start: 20, end: 30 },
    ]);
    expect(servedRanges(answered({ bodyBytes: 3 }))).toEqual([{ start: 0, end: 3 }]);
    expect(servedRanges(answered({ status: 416, bodyBytes: 3 }))).toEqual([]);
    expect(servedRanges(answered({ method: 'HEAD' }))).toEqual([]);
  });
});

describe('agreement', () => {
  const asked = (range: string) => explain({ method: 'GET', headers: { range } }, { length: 1000 });

  it.each([
    [
      { status: 206, fields: [['Content-Range', 'bytes 0-9/1000']] },
      true,
      '206 Partial, as explained: bytes 0–9.',
    ],
    [
      { status: 206, fields: [['Content-Range', 'bytes 1-10/1000']] },
      false,
      '206 Partial, but bytes 1–10 came; explained were 0–9.',
    ],
    [{ status: 206 }, false, '206 Partial, but bytes unknown came; explained were 0–9.'],
    [
      { status: 200 },
      false,
      'Explained was 206 Partial; came 200 OK. A server may ignore Range; this one did.',
    ],
    [{ status: 404 }, false, 'Explained was 206 Partial; came 404 Not found.'],
  ] as const)('%j', (more, agrees, sentence) => {
    expect(agreementOf(asked('bytes=0-9'), answered(more as unknown as Partial<LabAnswer>))).toEqual({
      agrees,
      sentence,
    });
  });

  it('of any other status is the status', () => {
    expect(agreementOf(asked('bytes=5000-'), answered({ status: 416 }))).toEqual({
      agrees: true,
      sentence: '416 Unsatisfiable, as explained.',
    });
  });
});

describe('words', () => {
  it('how a body ended', () => {
    expect(bodyWords(answered({ bodyBytes: 2048 }))).toBe('2 KiB (2,048 bytes), whole');
    expect(bodyWords(answered({ bodyBytes: 1, ended: 'limit' }))).toContain('no more is read');
    expect(bodyWords(answered({ bodyBytes: 1, ended: 'broken off', failure: 'silence' }))).toContain(
      'broke off: silence',
    );
    expect(bodyWords(answered({}))).toBe('no body');
    expect(bodyWords(answered({ method: 'HEAD' }))).toContain('HEAD has none');
  });

  it('every preset comes to what its meaning says', () => {
    const known = { length: 5000, etag: '"v1"', lastModified: Date.UTC(2026, 0, 1) };
    const statuses = presetsFor(known).map(({ name, fields }) => [
      name,
      explain({ method: 'GET', headers: fields }, known).status,
    ]);
    expect(Object.fromEntries(statuses)).toEqual({
      'First KiB': 206,
      'Last KiB': 206,
      'Two ranges': 206,
      'Beyond the end': 416,
      Malformed: 200,
      Resume: 206,
      'Changed meanwhile': 200,
      Revalidate: 304,
      'Only this version': 412,
      'Not since': 304,
      'Unless newer': 412,
    });
    expect(presetsFor(undefined)).toHaveLength(5);
  });

  it.each([
    ['builds/a b.bin', undefined],
    ['builds/app/1.bin', 'http://s/api/v1/object/builds/app/1.bin'],
    ['git.example/team/project', 'http://s/git/git.example/team/project/snapshot.tar.zst'],
    ['/metrics', undefined],
    ['builds', undefined],
    ['builds/very-lo…', undefined],
  ])('the URL of %s is %s', (target, url) => {
    expect(urlOfTarget(target, 'http://s')).toBe(url);
  });

  it('suggests snapshots first, then what was asked for lately, each once', () => {
    const rows = ['a/1', 'a/2', 'a/1', 'git.example/p'].map((target) => ({
      target,
      method: 'GET',
      status: 200,
    }));
    const requests = { first: 0, next: 4, row: (number: number) => rows[number] };
    expect(
      suggestedUrls(
        ['git.example/p'],
        requests as unknown as Parameters<typeof suggestedUrls>[1],
        'http://s',
      ),
    ).toEqual([
      'http://s/git/git.example/p/snapshot.tar.zst',
      'http://s/api/v1/object/a/1',
      'http://s/api/v1/object/a/2',
    ]);
  });

  it('an address is a request, and what is none of its methods and fields is left out', () => {
    expect(requestOf({ url: 'http://h/', method: 'DELETE', range: 'bytes=0-', other: 'x' })).toEqual({
      url: 'http://h/',
      method: 'GET',
      fields: { range: 'bytes=0-' },
    });
  });

  it('bytes are lines of sixteen', () => {
    const lines = hexLines(bytesOfBase64(btoa('#!/bin/sh\n\u00ff<&>0123456')));
    expect(lines.map(({ offset, digits, text }) => [offset, digits.trimEnd(), text])).toEqual([
      ['0000', '23 21 2f 62 69 6e 2f 73  68 0a ff 3c 26 3e 30 31', '#!/bin/sh..<&>01'],
      ['0010', '32 33 34 35 36', '23456'],
    ]);
  });
});

describe('notes on fields', () => {
  it('are of those that matter, however they are written', () => {
    expect(noteOf('ETag')).toContain('If-Range');
    expect(noteOf('X-Request-Id')).toBeUndefined();
  });

  it.each(['__proto__', 'constructor', 'toString'])('has none on %s, which every object has', (name) => {
    expect(noteOf(name)).toBeUndefined();
  });
});

describe('reports', () => {
  const result: CheckResult = {
    id: 'if-match-weak',
    title: 'If-Match | <b>',
    section: 'RFC 9110, 13.1.1',
    level: 'MUST',
    verdict: 'fail',
    sentence: 'Came <script>alert(1)</script>',
    curl: 'curl -H \'If-Match: W/"<v1>"\' http://h/x',
    durationMs: 1,
  };
  const run: CheckRun = {
    id: '1',
    url: 'http://h:8080/x',
    startedAt: 0,
    state: 'done',
    total: 1,
    results: [result],
    durationMs: 1,
  };

  it('as JSON has everything', () => {
    const { fileName, text } = reportOf(run, 'JSON');
    expect([fileName, JSON.parse(text)]).toEqual(['range-checks-h-8080.json', run]);
  });

  it('as Markdown and HTML let no text of a server become markup', () => {
    expect(reportOf(run, 'Markdown').text).toContain(
      String.raw`| fail | MUST | If-Match \| \<b\> (if-match-weak) |`,
    );
    const html = reportOf(run, 'HTML').text;
    expect(html).toContain('Came &lt;script&gt;alert(1)&lt;/script&gt;');
    expect(html).not.toContain('<script>');
  });
});
