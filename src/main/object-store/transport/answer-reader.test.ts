/** The reader of answers beside node:http, on every split of the same bytes. */
import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readByNode, readByUs } from './readings.ts';
import type { Reading } from './readings.ts';
import { startScriptedServer } from './scripted-server.ts';
import type { ScriptedServer } from './scripted-server.ts';

let server: ScriptedServer;
beforeAll(async () => {
  server = await startScriptedServer((socket) => socket.end());
});
afterAll(() => server[Symbol.asyncDispose]());

const readings = (length: number): Reading[] =>
  (['tcp', 'records'] as const).flatMap((line) =>
    (['memory', 'stream'] as const).flatMap((by) => [
      { line, by, cuts: [] },
      { line, by, cuts: Array.from({ length }, (_, at) => at) },
    ]),
  );

const everyCut = (length: number): Reading[] =>
  Array.from({ length }, (_, at) => ({
    cuts: [at],
    line: at % 2 === 0 ? 'tcp' : 'records',
    by: at % 4 < 2 ? 'memory' : 'stream',
  }));

const text = (...lines: readonly string[]) => Buffer.from(lines.join('\r\n'), 'latin1');
const ok = 'HTTP/1.1 206 Partial Content';

/** What both take, and mean the same by. */
const understood: [string, Buffer][] = [
  ['a partial answer', text(ok, 'Content-Length: 5', 'ETag: "x"', '', 'hello')],
  ['an empty body', text(ok, 'Content-Length: 0', '', '')],
  ['names in lower and upper case', text(ok, 'content-length: 2', 'X-UP: a', 'x-up: b', '', 'ab')],
  ['no reason phrase', text('HTTP/1.1 206', 'Content-Length: 1', '', 'a')],
  ['an empty reason phrase', text('HTTP/1.1 206 ', 'Content-Length: 1', '', 'a')],
  ['blanks around values', text(ok, 'Content-Length:\t 1 \t', 'A:', 'B:  ', 'C: a  b', '', 'a')],
  [
    'interim answers',
    text('HTTP/1.1 100 Continue', '', 'HTTP/1.1 103 Early', 'Link: a', '', ok, 'Content-Length: 1', '', 'a'),
  ],
  [
    'fields that count once',
    text(ok, 'ETag: "1"', 'ETag: "2"', 'Server: a', 'Server: b', 'Content-Length: 1', '', 'a'),
  ],
  ['cookies', text(ok, 'Via: a', 'Via: b', 'Content-Length: 1', '', 'a')],
  ['bytes above ASCII', text(ok, 'X: \xe9\xa0', 'Content-Length: 2', '', '\xff\x00')],
  ['the end of the connection as the end', text('HTTP/1.1 200 OK', 'Connection: close', '', 'to the end')],
  ['HTTP/1.0', text('HTTP/1.0 200 OK', '', 'to the end')],
  ['a status without body', text('HTTP/1.1 304 Not Modified', 'Content-Length: 7', '', '')],
  ['a status without content', text('HTTP/1.1 204 No Content', '', '')],
  ['garbage after the end', text(ok, 'Content-Length: 5', '', 'helloHTTP/1.1 garbage\0')],
  [
    'a chunked body',
    text(
      'HTTP/1.1 500 Oh',
      'Transfer-Encoding: chunked',
      '',
      '5',
      'hello',
      'A;x="y"',
      '0123456789',
      '0',
      '',
      '',
    ),
  ],
  ['trailers', text('HTTP/1.1 500 Oh', 'Transfer-Encoding: Chunked', '', '1', 'a', '000', 'T: u', '', '')],
  ['a chunked partial answer', text(ok, 'Transfer-Encoding: chunked', '', '3', 'abc', '0', '', '')],
];

/** What both refuse. */
const refused: [string, Buffer][] = [
  ['a body that breaks off', text(ok, 'Content-Length: 6', '', 'hello')],
  ['nothing', text('')],
  ['a head that breaks off', text(ok, 'Content-Length: 0', '')],
  ['two lengths', text(ok, 'Content-Length: 1', 'Content-Length: 2', '', 'ab')],
  ['the same length twice', text(ok, 'Content-Length: 1', 'Content-Length: 1', '', 'a')],
  [
    'a length and chunks',
    text(ok, 'Content-Length: 1', 'Transfer-Encoding: chunked', '', '1', 'a', '0', '', ''),
  ],
  ['a negative length', text(ok, 'Content-Length: -1', '', '')],
  ['a length with letters', text(ok, 'Content-Length: 1a', '', 'a')],
  ['an empty length', text(ok, 'Content-Length:', '', '')],
  ['another protocol', text('SSH-2.0-OpenSSH', '', '')],
  ['HTTP/3', text('HTTP/3.0 206 OK', 'Content-Length: 0', '', '')],
  ['a status of two digits', text('HTTP/1.1 20 OK', 'Content-Length: 0', '', '')],
  ['a status of four digits', text('HTTP/1.1 2066 OK', 'Content-Length: 0', '', '')],
  ['a blank before the colon', text(ok, 'Content-Length : 0', '', '')],
  ['a field without a colon', text(ok, 'Content-Length', '', '')],
  ['a field without a name', text(ok, ': 0', '', '')],
  ['a control character in a value', text(ok, 'X: a\0b', 'Content-Length: 0', '', '')],
  ['a huge head', text(ok, `X: ${'y'.repeat(17_000)}`, 'Content-Length: 0', '', '')],
  ['a folded field', text(ok, 'X: a', ' b', 'Content-Length: 1', '', 'a')],
  ['a bad chunk size', text(ok, 'Transfer-Encoding: chunked', '', 'g', 'a', '0', '', '')],
  ['a negative chunk size', text(ok, 'Transfer-Encoding: chunked', '', '-1', 'a', '0', '', '')],
  ['a chunk longer than its size', text(ok, 'Transfer-Encoding: chunked', '', '1', 'ab', '0', '', '')],
  ['chunks that break off', text(ok, 'Transfer-Encoding: chunked', '', '1', 'a', '')],
  ['chunks without the last line', text(ok, 'Transfer-Encoding: chunked', '', '1', 'a', '0', '')],
];

/** What node:http takes. */
const refusedByUsAlone: [string, Buffer][] = [
  ['a tab beside the coding', text(ok, 'Transfer-Encoding:\tchunked', '', '1', 'a', '0', '', '')],
  ['a coding besides chunked', text(ok, 'Transfer-Encoding: gzip, chunked', '', '1', 'a', '0', '', '')],
];

describe('a reader of answers', () => {
  it.each(understood)('reads %s as node:http does, wherever it is cut', async (_, bytes) => {
    const expected = await readByNode(server, bytes);
    expect(expected).toBeDefined();
    for (const reading of [...readings(bytes.length), ...everyCut(bytes.length)])
      expect({ reading, outcome: await readByUs(bytes, reading) }).toEqual({ reading, outcome: expected });
  });

  it.each(refused)('refuses %s as node:http does, wherever it is cut', async (_, bytes) => {
    expect(await readByNode(server, bytes)).toBeUndefined();
    const some = bytes.length > 1000 ? readings(0) : [...readings(bytes.length), ...everyCut(bytes.length)];
    for (const reading of some)
      expect({ reading, outcome: await readByUs(bytes, reading) }).toEqual({ reading, outcome: undefined });
  });

  it.each(refusedByUsAlone)('refuses %s', async (_, bytes) => {
    expect(await readByNode(server, bytes)).toBeDefined();
    for (const reading of readings(bytes.length)) expect(await readByUs(bytes, reading)).toBeUndefined();
  });
});

describe('an answer with something spoiled', () => {
  const bytes = fc.stringMatching(/^[ -~\r\n\t\0\x80\xff]{0,3}$/);
  const spoiled = fc.record({
    from: fc.constantFrom(...understood.map(([, bytes]) => bytes)),
    at: fc.nat(),
    remove: fc.nat({ max: 2 }),
    insert: bytes,
    cuts: fc.array(fc.nat(), { maxLength: 5 }),
    line: fc.constantFrom('tcp' as const, 'records' as const),
    by: fc.constantFrom('memory' as const, 'stream' as const),
  });

  it('is read as node:http reads it, or refused', async () => {
    const property = fc.asyncProperty(spoiled, async ({ from, at, remove, insert, cuts, line, by }) => {
      const start = at % from.length;
      const spoiledBytes = [
        from.subarray(0, start),
        Buffer.from(insert, 'latin1'),
        from.subarray(start + remove),
      ];
      const answer = Buffer.concat(spoiledBytes);
      const within = cuts.map((cut) => cut % (answer.length + 1));
      const ours = await readByUs(answer, { cuts: within, line, by });
      return ours === undefined || isDeepStrictEqual(ours, await readByNode(server, answer));
    });
    await expect(fc.assert(property, { numRuns: 500 })).resolves.toBeUndefined();
  });
});
