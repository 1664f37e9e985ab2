/** Requests that have ended, as the API tells of them: docs/semantics.md, one test for each sentence. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startTestServer, type TestServer } from '#main/app.fixture.ts';
import { requestSchema, type RequestRow } from '#shared/request-model.ts';
import { KiB, MiB } from '#shared/units.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server[Symbol.asyncDispose]());

const pageSchema = z.object({ requests: z.array(requestSchema), hasOlder: z.boolean(), last: z.number() });

async function page(query: Readonly<Record<string, string>>, from = server) {
  const response = await from.get(`/api/v1/requests?${new URLSearchParams(query).toString()}`);
  expect(response.status).toBe(200);
  return pageSchema.parse(await response.json());
}

/** Rows come when the server's side of a connection has closed, a moment after the client's. */
async function rowsOf(q: string, count: number): Promise<readonly RequestRow[]> {
  await expect.poll(async () => (await page({ q })).requests.length, { timeout: 30_000 }).toBe(count);
  return (await page({ q })).requests;
}

async function read(path: string, headers: Readonly<Record<string, string>> = {}): Promise<void> {
  await (await server.get(path, headers)).arrayBuffer();
}

describe('Requests', () => {
  it('What is kept of a request says what Range and If-Range came to, and which condition failed.', async () => {
    const path = await server.put('verdicts', new Uint8Array(1000), { etag: '"one"' });
    const asked: readonly (readonly [Record<string, string>, Partial<RequestRow>])[] = [
      [{}, { status: 200, rangeKind: 'none', askedBytes: 1000, sentBytes: 1000, spans: [[0, 1000]] }],
      [{ range: 'bytes=0-9' }, { status: 206, rangeKind: 'single', askedBytes: 10, spans: [[0, 10]] }],
      [{ range: 'bytes=9-' }, { status: 206, rangeKind: 'open' }],
      [{ range: 'bytes=-9' }, { status: 206, rangeKind: 'suffix', spans: [[991, 1000]] }],
      [
        { range: 'bytes=0-1,500-501' },
        {
          status: 206,
          rangeKind: 'multi',
          spans: [
            [0, 2],
            [500, 502],
          ],
        },
      ],
      [{ range: 'lines=0-1' }, { status: 200, rangeKind: 'ignored' }],
      [{ range: 'bytes=2000-' }, { status: 416, rangeKind: 'open', spans: [] }],
      [
        { range: 'bytes=0-9', 'if-range': '"one"' },
        { status: 206, ifRange: 'etag-match' },
      ],
      [
        { range: 'bytes=0-9', 'if-range': '"two"' },
        { status: 200, ifRange: 'etag-miss' },
      ],
      [{ 'if-range': '"one"' }, { status: 200, ifRange: 'ignored' }],
      [{ 'if-none-match': '"one"' }, { status: 304, condition: 'if-none-match' }],
      [{ 'if-match': '"two"' }, { status: 412, condition: 'if-match' }],
    ];
    for (const [headers] of asked) await read(path, headers);
    const rows = await rowsOf('object=test/verdicts method:GET', asked.length);
    expect(rows.toReversed()).toMatchObject(asked.map(([, row]) => row));
    expect(rows.every((row) => row.objectBytes === 1000 && row.complete)).toBe(true);
    expect(await rowsOf('verdicts range:any if-range:miss', 1)).toMatchObject([{ ifRange: 'etag-miss' }]);
    expect(await rowsOf('verdicts condition:if-match or (verdicts status:304)', 2)).toHaveLength(2);
  });

  it('Requests are read back newest first, as a filter chooses, page by page.', async () => {
    const path = await server.put('pages', 'hello');
    for (let at = 0; at < 5; at += 1) await read(path, { range: `bytes=${at}-${at}` });
    const all = await rowsOf('object:pages range:single', 5);
    const first = await page({ q: 'object:pages range:single', limit: '3' });
    expect([first.requests, first.hasOlder]).toEqual([all.slice(0, 3), true]);
    const before = String(first.requests.at(-1)?.seq);
    const second = await page({ q: 'object:pages range:single', limit: '3', before });
    expect([second.requests, second.hasOlder]).toEqual([all.slice(3), false]);
    const seqs = all.map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.toSorted((one, other) => other - one));
  });

  it('A filter that cannot be read is 400, and says where and what to write instead.', async () => {
    for (const path of ['requests', 'requests.ndjson', 'requests.har']) {
      const response = await server.get(`/api/v1/${path}?q=statsu:206`);
      expect([response.status, await response.json()]).toEqual([
        400,
        {
          error: 'INVALID_INPUT',
          message: 'there is no key statsu; did you mean status? (q, 1 to 6)',
        },
      ]);
    }
    for (const query of ['limit=0', 'limit=1001', 'before=x', 'q=a&q=b'])
      expect((await server.get(`/api/v1/requests?${query}`)).status).toBe(400);
    expect((await server.get('/api/v1/requests.ndjson?follow=2')).status).toBe(400);
  });

  it('Requests are exported as lines of JSON and as HAR 1.2, whatever their number.', async () => {
    const path = await server.put('exported', 'hello');
    for (let at = 0; at < 40; at += 1) await read(`${path}?page=${at}`, { range: 'bytes=0-1' });
    await rowsOf('object:exported range:single', 40);
    const q = 'q=object%3Aexported+range%3Asingle';
    const lines = await server.get(`/api/v1/requests.ndjson?${q}`);
    expect(lines.headers.get('content-type')).toBe('application/x-ndjson');
    expect(lines.headers.get('content-disposition')).toMatch(
      /^attachment; filename="sluice-requests-\d{8}T\d{6}Z\.ndjson"$/,
    );
    const rows = (await lines.text())
      .trimEnd()
      .split('\n')
      .map((line) => requestSchema.parse(JSON.parse(line)));
    expect(rows.map(({ seq }) => seq)).toEqual(rows.map(({ seq }) => seq).toSorted((a, b) => a - b));
    expect(rows).toHaveLength(40);
    const exported = await server.get(`/api/v1/requests.har?${q}`);
    expect(exported.headers.get('content-disposition')).toMatch(/\.har"$/);
    const { log } = harSchema.parse(await exported.json());
    expect(log.entries.map((entry) => entry._seq)).toEqual(rows.map(({ seq }) => seq));
    for (const { time, timings, request } of log.entries) {
      const { blocked, send, wait, receive } = timings;
      expect(time).toBeCloseTo(blocked + send + wait + receive);
      expect(request.url.startsWith(`${server.url}${path}?page=`)).toBe(true);
    }
    const none = await server.get('/api/v1/requests.har?q=seq:999999');
    expect(harSchema.parse(await none.json()).log.entries).toEqual([]);
  });

  it('Secrets in fields and in URLs are not kept.', async () => {
    const path = await server.put('secrets', 'hello');
    const secret = 'S3CR3T';
    await read(`${path}?X-Amz-Signature=${secret}&page=2&to%6Ben=${secret}`, {
      authorization: `Bearer ${secret}`,
      cookie: `a=${secret}`,
      'proxy-authorization': secret,
      'x-amz-security-token': secret,
      'x-my-password': secret,
      referer: `http://user:${secret}@example.com/?access_token=${secret}&page=3`,
      accept: 'text/plain',
    });
    await (await server.get(`/api/v1/stats?api_key=${secret}`)).text();
    await rowsOf('object:/api/v1/stats*', 1);
    await rowsOf('object=test/secrets method:GET', 1);
    const lines = await (await server.get('/api/v1/requests.ndjson')).text();
    const har = await (await server.get('/api/v1/requests.har?q=object:secrets+or+stats')).text();
    expect(lines + har).not.toContain(secret);
    expect(har).toContain('X-Amz-Signature=redacted&page=2&to%6Ben=redacted');
    expect(har).toContain('redacted@example.com/?access_token=redacted&page=3');
    expect(har).toContain('{"name":"accept","value":"text/plain"}');
    expect(har).toContain('{"name":"authorization","value":"redacted"}');
  });

  it('Who follows requests gets each once, and nothing else.', async () => {
    const path = await server.put('followed', 'hello');
    const { last } = await page({});
    const ended = new AbortController();
    const q = 'object%3Afollowed+range%3Asingle';
    const response = await fetch(`${server.url}/api/v1/requests.ndjson?follow=1&after=${last}&q=${q}`, {
      signal: ended.signal,
    });
    const seen: RequestRow[] = [];
    const reading = (async () => {
      let text = '';
      for await (const piece of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
        text += piece;
        for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
          const line = text.slice(0, end);
          if (line !== '') seen.push(requestSchema.parse(JSON.parse(line)));
          text = text.slice(end + 1);
        }
      }
    })();
    for (let at = 0; at < 3; at += 1) await read(path, { range: `bytes=${at}-${at}` });
    await expect.poll(() => seen.length).toBe(3);
    await read(path);
    for (let at = 3; at < 5; at += 1) await read(path, { range: `bytes=${at}-${at}` });
    await expect.poll(() => seen.length).toBe(5);
    ended.abort();
    await expect(reading).rejects.toThrow('aborted');
    expect(seen.map(({ range }) => range)).toEqual([0, 1, 2, 3, 4].map((at) => `bytes=${at}-${at}`));
    await rowsOf('object=/api/v1/requests.ndjson complete:no', 1);
  });

  it('At most 16 clients follow at a time.', async () => {
    const ended = new AbortController();
    const follow = () => fetch(`${server.url}/api/v1/requests.ndjson?follow=1`, { signal: ended.signal });
    const all = await Promise.all(Array.from({ length: 17 }, follow));
    expect(all.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
      ...Array.from({ length: 16 }, () => 200),
      503,
    ]);
    ended.abort();
    await Promise.allSettled(all.map((response) => response.text()));
    await expect
      .poll(async () => {
        const again = new AbortController();
        const { status } = await fetch(`${server.url}/api/v1/requests.ndjson?follow=1`, {
          signal: again.signal,
        });
        again.abort();
        return status;
      })
      .toBe(200);
  });

  it('A foreign page cannot read requests.', async () => {
    for (const path of ['requests', 'requests.ndjson', 'requests.har'])
      expect((await server.get(`/api/v1/${path}`, { origin: 'http://evil.example' })).status).toBe(403);
    expect((await fetch(`${server.url}/api/v1/requests`, { method: 'DELETE' })).status).toBe(405);
  });
});

describe('Chunks of a request', () => {
  const harOf = async (q: string) => {
    const response = await server.get(`/api/v1/requests.har?q=${encodeURIComponent(q)}`);
    return harSchema.parse(await response.json()).log.entries;
  };

  it('A chunk of a request says which level it came from, and how long it waited for the client.', async () => {
    const length = 2 * MiB + 5;
    const path = await server.put('chunks', new Uint8Array(length));
    await read(path);
    const [row] = await rowsOf('object=test/chunks method:GET', 1);
    expect(row).toMatchObject({ tier: 'store', complete: true });
    expect(row?.heldMs).toBeGreaterThanOrEqual(0);
    const [entry] = await harOf(`seq:${row?.seq}`);
    const uses = entry?._chunks ?? [];
    expect(uses.map(({ start, end }) => [start, end])).toEqual(
      Array.from({ length: 9 }, (_, at) => [at * 256 * KiB, Math.min((at + 1) * 256 * KiB, length)]),
    );
    expect(uses.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(new Set(uses.map(({ tier }) => tier))).toEqual(new Set(['store']));
    expect(Math.max(...uses.map(({ heldMs = 0 }) => heldMs))).toBe(row?.heldMs);
    await read(path, { range: 'bytes=300000-300009,900000-900009' });
    const [again] = await rowsOf('object=test/chunks range:multi', 1);
    expect(again?.tier).toBe('memory');
    const [second] = await harOf(`seq:${again?.seq}`);
    expect(second?._chunks).toMatchObject([
      { index: 1, start: 300_000, end: 300_010, tier: 'memory', waitMs: 0 },
      { index: 3, start: 900_000, end: 900_010, tier: 'memory', waitMs: 0 },
    ]);
  });

  it('A client that takes nothing is seen in how long complete bytes were held for it.', async () => {
    const path = await server.put('held', new Uint8Array(24 * MiB));
    await expect.poll(() => server.engine.transfers.size).toBe(0);
    const stalled = await server.connect();
    stalled.request(`GET ${path}`);
    await expect.poll(() => server.engine.transfers.size).toBe(1);
    const [transfer] = server.engine.transfers;
    const blockedMs = () => transfer?.outlet.blockedMs ?? Number.NaN;
    await expect.poll(blockedMs).toBeGreaterThan(0);
    // Bytes are held from when their chunk is complete, which may be later.
    await expect.poll(() => server.engine.fetcher.stats.activeRequests).toBe(0);
    const before = blockedMs();
    await expect.poll(blockedMs).toBeGreaterThan(before + 300);
    stalled[Symbol.dispose]();
    const [row] = await rowsOf('object=test/held method:GET held>=300ms complete:no', 1);
    expect(row?.askedBytes).toBe(24 * MiB);
    expect(row?.sentBytes).toBeLessThan(24 * MiB);
  });
});

const pairs = z.array(z.strictObject({ name: z.string(), value: z.string() }));
const time = z.number().nonnegative();

/** HAR 1.2: what it demands, and no more but fields that begin with an underscore. */
const harSchema = z.strictObject({
  log: z.strictObject({
    version: z.literal('1.2'),
    creator: z.strictObject({ name: z.string(), version: z.string() }),
    entries: z.array(
      z.object({
        startedDateTime: z.iso.datetime(),
        time,
        request: z.strictObject({
          method: z.string(),
          url: z.url(),
          httpVersion: z.string(),
          cookies: z.array(z.never()),
          headers: pairs,
          queryString: pairs,
          headersSize: z.number().int(),
          bodySize: z.number().int(),
        }),
        response: z.strictObject({
          status: z.number().int(),
          statusText: z.string(),
          httpVersion: z.string(),
          cookies: z.array(z.never()),
          headers: pairs,
          content: z.strictObject({ size: z.number().int(), mimeType: z.string() }),
          redirectURL: z.string(),
          headersSize: z.number().int(),
          bodySize: z.number().int(),
        }),
        cache: z.strictObject({}),
        timings: z.strictObject({
          blocked: time,
          dns: z.literal(-1),
          connect: z.literal(-1),
          ssl: z.literal(-1),
          send: time,
          wait: time,
          receive: time,
        }),
        _seq: z.number().int(),
        _chunks: z
          .array(
            z.object({
              index: z.number(),
              start: z.number(),
              end: z.number(),
              tier: z.string(),
              waitMs: z.number(),
              heldMs: z.number().optional(),
            }),
          )
          .optional(),
      }),
    ),
  }),
});
