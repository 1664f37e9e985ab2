import { ORPCError, createRouterClient } from '@orpc/server';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startTestServer, type TestServer } from '#main/app.fixture.ts';
import type { Role } from '#shared/vocabulary/live.ts';
import { maxReplayBytes } from '#shared/contract/requests.ts';
import { requestDetailSchema } from '#shared/request-model.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server[Symbol.asyncDispose]());

function openConsole(role: Role = 'operator') {
  return createRouterClient(server.router, { context: { role } });
}

async function refusalOf(call: Promise<unknown>): Promise<string> {
  const error: unknown = await call.catch((thrown: unknown) => thrown);
  if (!(error instanceof ORPCError)) throw new Error('it was not refused');
  return `${error.code}: ${error.message}`;
}

/** Does one request, and waits for its row, which comes a moment later. @returns its number, and what came of it */
async function counted<T>(request: () => Promise<T>): Promise<{ readonly seq: number; readonly result: T }> {
  const seq = server.requests.total;
  const result = await request();
  await expect.poll(() => server.requests.total).toBe(seq + 1);
  return { seq, result };
}

async function put(...object: Parameters<TestServer['put']>): Promise<string> {
  return (await counted(() => server.put(...object))).result;
}

async function seqOf(path: string, headers: Readonly<Record<string, string>> = {}): Promise<number> {
  return (await counted(async () => (await server.get(path, headers)).arrayBuffer())).seq;
}

describe('requests of the console', () => {
  it('are read back page by page, newest first', async () => {
    const console = openConsole();
    const path = await put('paged', 'hello');
    for (let at = 0; at < 4; at += 1) await seqOf(path, { range: `bytes=${at}-${at}` });
    const newest = await console.requests.page({ limit: 3 });
    expect(newest.requests.map(({ range }) => range)).toEqual(['bytes=3-3', 'bytes=2-2', 'bytes=1-1']);
    expect(newest.hasOlder).toBe(true);
    const before = newest.requests.at(-1)?.seq ?? 0;
    const older = await console.requests.page({ before, limit: 1000 });
    expect(older.requests.map(({ seq }) => seq)).toEqual(
      Array.from({ length: before }, (_, at) => before - at - 1),
    );
    expect(older.hasOlder).toBe(false);
  });

  it('tell all that is known of one, without secrets', async () => {
    const console = openConsole();
    const path = await put('detailed', 'hello', { etag: '"one"', 'content-type': 'text/x-five' });
    const seq = await seqOf(`${path}?token=abc&page=1`, {
      range: 'bytes=1-2',
      'if-range': '"one"',
      authorization: 'Bearer abc',
    });
    const detail = requestDetailSchema.parse(await console.requests.detail({ seq }));
    expect(detail.url).toBe(`${path}?token=redacted&page=1`);
    expect(detail.requestHeaders).toContainEqual(['authorization', 'redacted']);
    expect(detail.requestHeaders).toContainEqual(['range', 'bytes=1-2']);
    expect(detail.requestHeaders[0]).toEqual(['host', new URL(server.url).host]);
    const answered = detail.responseHeaders.map(([name, value]) => `${name.toLowerCase()}: ${value}`);
    expect(answered).toEqual(
      expect.arrayContaining([
        'content-type: text/x-five',
        'content-range: bytes 1-2/5',
        'content-length: 2',
        'connection: keep-alive',
      ]),
    );
    expect(detail.representation).toEqual({
      length: 5,
      etag: '"one"',
      lastModified: expect.any(Number) as number,
    });
    expect(detail.row).toMatchObject({ seq, status: 206, ifRange: 'etag-match', rangeKind: 'single' });
    expect(detail.chunks).toMatchObject([{ index: 0, start: 1, end: 3 }]);
    expect(detail.tierSpans).toMatchObject([{ start: 1, end: 3 }]);
    const { lookupMs = -1, admissionMs = -1, firstByteMs = -1, durationMs } = detail.timing;
    expect(Math.min(lookupMs, admissionMs)).toBeGreaterThanOrEqual(0);
    expect(firstByteMs).toBeGreaterThanOrEqual(lookupMs + admissionMs);
    expect(durationMs).toBeGreaterThanOrEqual(firstByteMs);
  });

  it('that there are not any more are said to be so', async () => {
    expect(await refusalOf(openConsole().requests.detail({ seq: 10_000 }))).toBe(
      'NOT_FOUND: request 10000 left: only those of the newest requests are kept',
    );
  });
});

describe('a replay', () => {
  it('asks as before, or with other fields, and shows the answer', async () => {
    const console = openConsole();
    const body = 'x'.repeat(10_000);
    const path = await put('replayed', body, { etag: '"one"' });
    const seq = await seqOf(path, { range: 'bytes=0-9', authorization: 'Bearer abc' });
    // Its row is waited for, but not for long.
    const again = await vi.waitFor(async () => {
      const replay = await counted(() => console.requests.replay({ seq }));
      expect(replay.result.seq).toBe(replay.seq);
      return replay.result;
    }, 15_000);
    expect(again).toMatchObject({ status: 206, bodyBytes: 10, complete: true });
    expect(again.headers).toContainEqual(['content-range', 'bytes 0-9/10000']);
    expect(server.requests.row(again.seq ?? -1)).toMatchObject({
      target: 'test/replayed',
      range: 'bytes=0-9',
    });
    expect(server.requests.detail(again.seq ?? -1)?.requestHeaders.map(([name]) => name)).not.toContain(
      'authorization',
    );
    const ask = async (headers: [string, string][], method: 'GET' | 'HEAD' = 'GET') =>
      (await counted(() => console.requests.replay({ request: { method, path, headers } }))).result;
    const whole = await ask([
      ['Range', 'bytes=0-9'],
      ['If-Range', '"two"'],
    ]);
    expect([whole.status, whole.bodyBytes]).toEqual([200, 10_000]);
    expect(Buffer.from(whole.bodyStart, 'base64').toString()).toBe(body.slice(0, maxReplayBytes));
    expect(whole.durationMs).toBeGreaterThanOrEqual(whole.headMs);
    expect((await ask([['If-None-Match', '"one"']])).status).toBe(304);
    expect((await ask([['Range', 'bytes=20000-']])).status).toBe(416);
    expect(await ask([], 'HEAD')).toMatchObject({ status: 200, bodyBytes: 0, complete: true });
  });

  it('A replay asks this server alone, and only for what can be read.', async () => {
    const console = openConsole();
    const ask = (path: string, headers: [string, string][] = []) =>
      refusalOf(console.requests.replay({ request: { method: 'GET', path, headers } }));
    for (const path of [
      'http://example.com/git/x',
      '/rpc',
      '/metrics',
      '//example.com/',
      '/git/a b',
      '/git/\r\nX: y',
    ])
      expect(await ask(path)).toMatch(/^INVALID_INPUT: the path .* is not replayed/s);
    expect(await ask('/api/v1/stats', [['Host', 'example.com']])).toMatch(/^INVALID_INPUT: the field Host/);
    expect(await ask('/api/v1/stats', [['X', 'a\r\nY: b']])).toMatch(/^INVALID_INPUT: the field "X"/);
    const { seq } = await counted(() => server.put('written', 'hello'));
    expect(await refusalOf(console.requests.replay({ seq }))).toBe(
      'INVALID_INPUT: POST can change something: only GET and HEAD are replayed',
    );
    expect(await refusalOf(openConsole('viewer').requests.replay({ seq }))).toMatch(/^FORBIDDEN/);
  });
});
