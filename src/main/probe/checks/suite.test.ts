/** Each check passes on servers that do it right, and fails when its fault is planted. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Fault,
  faultyObject,
  type FaultyServer,
  type Reply,
  startFaultyServer,
} from '#main/testing/faulty-server.ts';
import type { CheckedObject, CheckResult } from '#shared/lab-model.ts';
import { allChecks, checkServer } from './suite.ts';

const never = new AbortController().signal;

async function results(url: string, only?: string): Promise<readonly CheckResult[]> {
  const found: CheckResult[] = [];
  await checkServer(
    {
      url,
      reach: { kind: 'everywhere' },
      ...(only !== undefined && { checks: allChecks.filter(({ id }) => id === only) }),
      onObject: () => undefined,
      onResult: (result) => found.push(result),
    },
    never,
  );
  return found;
}

const { bytes } = faultyObject;

/** What fields a fault sets, or takes away with `undefined`. */
function withFields(reply: Reply, fields: Readonly<Record<string, string | undefined>>): Reply {
  const merged = Object.entries({ ...reply.fields, ...fields }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return { ...reply, fields: Object.fromEntries(merged) };
}

function withBody(reply: Reply, body: Uint8Array): Reply {
  return { ...reply, fields: { ...reply.fields, 'content-length': String(body.length) }, body };
}

/** The whole object, as if nothing had been asked of it. */
function whole(reply: Reply): Reply {
  const { 'content-range': _range, ...fields } = reply.fields;
  return withBody({ status: 200, fields: { ...fields, etag: '"v1"' }, body: bytes }, bytes);
}

function refused(status: number): (reply: Reply) => Reply {
  return (reply) => withBody({ ...reply, status }, new Uint8Array());
}

function part(reply: Reply, first: number, last: number): Reply {
  const fields = { ...reply.fields, 'content-range': `bytes ${first}-${last}/${bytes.length}` };
  return withBody({ status: 206, fields, body: reply.body }, bytes.subarray(first, last + 1));
}

/** Applies to requests with this field value; `undefined`: without the field. */
function on(name: string, value: string | RegExp, then: (reply: Reply) => Reply): Fault {
  return (reply, { headers }) => {
    const sent = headers[name]?.join(', ') ?? '';
    const isIt = typeof value === 'string' ? sent === value : value.test(sent);
    return isIt ? then(reply) : reply;
  };
}

/** Applies to answers with this status. */
function to(status: number, then: (reply: Reply) => Reply): Fault {
  return (reply) => (reply.status === status ? then(reply) : reply);
}

const changed = (reply: Reply): Reply => ({ ...reply, body: reply.body.map((byte) => byte ^ 1) });
const toHead =
  (then: (reply: Reply) => Reply): Fault =>
  (reply, { method }) =>
    method === 'HEAD' ? then(reply) : reply;
const multipart: (then: (reply: Reply) => Reply) => Fault = (then) => (reply) =>
  String(reply.fields['content-type']).startsWith('multipart') ? then(reply) : reply;
const plainGet: (then: (reply: Reply) => Reply) => Fault =
  (then) =>
  (reply, { method, headers }) =>
    method === 'GET' && !headers['range'] ? then(reply) : reply;
const shifted = (reply: Reply): Reply => withFields(reply, { 'content-range': 'bytes 1-1/5000' });
const unfinished = (reply: Reply): Reply => ({ ...reply, body: reply.body.subarray(0, -1) });
const text =
  (replace: (body: string) => string) =>
  (reply: Reply): Reply =>
    withBody(reply, Buffer.from(replace(Buffer.from(reply.body).toString('latin1')), 'latin1'));

let tags = 0;

const faults: Readonly<Record<string, Fault>> = {
  length: plainGet((reply) => withFields(reply, { 'content-length': undefined, connection: 'close' })),
  'length-true': plainGet(unfinished),
  date: (reply) => withFields(reply, { date: 'yesterday' }),
  etag: (reply) => withFields(reply, { etag: 'W/"v1"' }),
  'etag-syntax': (reply) => withFields(reply, { etag: 'v1' }),
  'etag-stable': (reply) => withFields(reply, { etag: `"${(tags += 1)}"` }),
  'last-modified': (reply) => withFields(reply, { 'last-modified': undefined }),
  'last-modified-past': (reply) => withFields(reply, { 'last-modified': 'Fri, 01 Jan 2100 00:00:00 GMT' }),
  'accept-ranges': (reply) => withFields(reply, { 'accept-ranges': undefined }),
  'head-length': toHead((reply) => withFields(reply, { 'content-length': '0' })),
  'head-fields': toHead((reply) => withFields(reply, { 'content-type': 'text/html' })),
  'head-no-body': toHead((reply) => ({ ...reply, body: bytes })),
  'head-range': (reply, { method, headers }) =>
    method === 'HEAD' && headers['range'] ? { ...reply, status: 206 } : reply,
  'method-allow': to(405, (reply) => withFields(reply, { allow: undefined })),
  range: on('range', 'bytes=0-99', whole),
  'range-first-byte': on('range', 'bytes=0-0', shifted),
  'range-last-byte': on('range', 'bytes=4999-4999', refused(416)),
  'range-middle': on('range', /^bytes=1666-/, changed),
  'range-open': on('range', 'bytes=4900-', (reply) => part(reply, 4900, 4998)),
  'range-suffix': on('range', 'bytes=-100', (reply) => part(reply, 0, 100)),
  'range-suffix-long': on('range', 'bytes=-6000', refused(416)),
  'range-suffix-zero': on('range', 'bytes=-0', (reply) => part(reply, 4999, 4999)),
  'range-clamped': on('range', 'bytes=4950-6000', refused(416)),
  'range-huge': on('range', /9999$/, refused(500)),
  'range-unsatisfiable': on('range', 'bytes=5000-', refused(404)),
  'range-unsatisfiable-length': to(416, (reply) => withFields(reply, { 'content-range': undefined })),
  'range-unsatisfiable-body': to(416, (reply) => withBody(reply, bytes)),
  'range-malformed': on('range', 'bytes=one-two', (reply) => part(reply, 0, 0)),
  'range-backwards': on('range', 'bytes=9-5', (reply) => part(reply, 5, 9)),
  'range-other-unit': on('range', 'chapters=0-9', (reply) => part(reply, 0, 9)),
  'range-unit-case': on('range', /^BYTES/, refused(416)),
  'range-empty-members': on('range', 'bytes=, 0-9 ,', refused(416)),
  'range-fields': to(206, (reply) => withFields(reply, { 'cache-control': undefined })),
  'range-pieces': on('range', 'bytes=1250-2499', changed),
  multi: multipart(text((body) => body.replace('Content-Range', 'X-Range'))),
  'multi-head': multipart((reply) => withFields(reply, { 'content-range': 'bytes 0-2009/5000' })),
  'multi-length': multipart(unfinished),
  'multi-one-left': on('range', /5010-5020/, refused(416)),
  'multi-none-left': on('range', /^bytes=5000-, /, refused(400)),
  'multi-overlapping': on('range', 'bytes=0-99, 50-149', (reply) => part(reply, 0, 99)),
  'multi-blanks': on('range', /\t,\t/, refused(416)),
  'multi-many': on('range', /(?:0-,){10}/, (reply) =>
    withBody({ ...reply, status: 206 }, Buffer.concat(Array.from({ length: 40 }, () => bytes))),
  ),
  'if-range-tag': on('if-range', '"v1"', refused(412)),
  'if-range-other-tag': on('if-range', '"sluice-no-such-tag"', (reply) => part(reply, 0, 9)),
  'if-range-weak-tag': on('if-range', 'W/"v1"', (reply) => part(reply, 0, 9)),
  'if-range-date': on('if-range', /GMT$/, whole),
  'if-range-earlier-date': on('if-range', /07:49:37 GMT$/, (reply) => part(reply, 0, 9)),
  'if-range-later-date': on('if-range', /08:49:38 GMT$/, (reply) => part(reply, 0, 9)),
  'if-range-before-416': on('if-range', '"sluice-no-such-tag"', refused(416)),
  'if-match': on('if-match', '"v1"', refused(412)),
  'if-match-other': on('if-match', '"sluice-no-such-tag"', whole),
  'if-match-any': on('if-match', '*', refused(412)),
  'if-match-list': on('if-match', /, "v1"$/, refused(412)),
  'if-match-weak': on('if-match', 'W/"v1"', whole),
  'if-none-match': on('if-none-match', '"v1"', whole),
  'if-none-match-other': on('if-none-match', '"sluice-no-such-tag"', refused(304)),
  'if-none-match-any': on('if-none-match', '*', whole),
  'if-none-match-list': on('if-none-match', /, "v1"$/, whole),
  'if-none-match-weak': on('if-none-match', 'W/"v1"', whole),
  'if-modified-since': on('if-modified-since', /08:49:37/, whole),
  'if-modified-since-earlier': on('if-modified-since', /07:49:37/, refused(304)),
  'if-modified-since-malformed': on('if-modified-since', 'yesterday', refused(304)),
  'if-unmodified-since': on('if-unmodified-since', /08:49:37/, refused(412)),
  'if-unmodified-since-earlier': on('if-unmodified-since', /07:49:37/, whole),
  'order-match-date': on('if-unmodified-since', /07:49:37/, refused(412)),
  'order-none-match-date': on('if-none-match', '"sluice-no-such-tag"', refused(304)),
  'order-412-304': on('if-match', '"sluice-no-such-tag"', refused(304)),
  'order-304-206': on('if-none-match', '"v1"', (reply) => part(reply, 0, 0)),
  'order-412-416': on('if-match', '"sluice-no-such-tag"', refused(416)),
  'not-modified-fields': to(304, (reply) => withFields(reply, { etag: undefined })),
  'not-modified-no-body': to(304, (reply) => ({ ...reply, body: bytes })),
  'reuse-206': on('range', 'bytes=0-0', (reply) => ({
    ...reply,
    body: Buffer.from([...reply.body, 1, 2, 3]),
  })),
  'reuse-304': on('if-none-match', '"v1"', (reply) => ({ ...reply, body: bytes })),
  'reuse-416': to(416, (reply) => ({ ...reply, body: bytes })),
};

let server: FaultyServer;
beforeAll(async () => {
  server = await startFaultyServer();
});
afterAll(() => server[Symbol.asyncDispose]());

describe('the checks', () => {
  it('have names of their own, and a fault each', () => {
    expect(Object.keys(faults)).toEqual(allChecks.map(({ id }) => id));
  });

  it('pass on a server without a fault', async () => {
    server.fault = (reply) => reply;
    const found = await results(server.url);
    expect(found.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
    expect(found.map(({ id }) => id)).toEqual(allChecks.map(({ id }) => id));
  });

  it.each(allChecks)('$id notices its fault', async ({ id, level }) => {
    server.fault = faults[id] ?? server.fault;
    const [found] = await results(server.url, id);
    expect([found?.verdict, found?.sentence]).toEqual([
      level === 'MUST' ? 'fail' : 'warn',
      expect.any(String),
    ]);
  });
});

describe('other objects', () => {
  it.each([0, 1, 2, 9, 160])(
    'of %i bytes: no check fails, and what needs more is not applicable',
    async (length) => {
      await using small = await startFaultyServer(bytes.subarray(0, length));
      const found = await results(small.url);
      expect(found.filter(({ verdict }) => verdict === 'fail')).toEqual([]);
      expect(found.some(({ verdict }) => verdict === 'not applicable')).toBe(true);
    },
  );

  it('of many megabytes: only what is looked at is read', async () => {
    await using large = await startFaultyServer(Buffer.alloc(24 * 2 ** 20, 'large'));
    const objects: CheckedObject[] = [];
    const found: CheckResult[] = [];
    await checkServer(
      {
        url: large.url,
        reach: { kind: 'everywhere' },
        onObject: (object) => objects.push(object),
        onResult: (result) => found.push(result),
      },
      never,
    );
    expect(objects).toMatchObject([{ length: 24 * 2 ** 20, etag: '"v1"' }]);
    expect(found.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn')).toEqual([]);
  });
});

describe('what cannot be checked', () => {
  it('a server without ranges: their checks do not apply, and one says that there are none', async () => {
    server.fault = (reply) => (reply.status === 206 || reply.status === 416 ? whole(reply) : reply);
    const found = await results(server.url);
    const verdict = (id: string) => found.find((each) => each.id === id)?.verdict;
    expect([verdict('range'), verdict('range-open'), verdict('multi')]).toEqual([
      'warn',
      'not applicable',
      'not applicable',
    ]);
    expect(found.filter((each) => each.verdict === 'fail')).toEqual([]);
  });

  it('is refused in a sentence: no object, a redirect, no server', async () => {
    server.fault = refused(404);
    await expect(results(server.url)).rejects.toThrow(
      'answers 404: the checks need a URL that a plain GET can read',
    );
    server.fault = (reply) => withFields(refused(302)(reply), { location: '/elsewhere' });
    await expect(results(server.url)).rejects.toThrow(/it redirects to http:.*\/elsewhere; check that/);
    await expect(results('http://127.0.0.1:1/x')).rejects.toThrow('nothing listens there');
    await expect(results('ftp://host/x')).rejects.toThrow('allowed is http://HOST/PATH');
  });
});
