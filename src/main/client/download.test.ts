import { EventEmitter, once } from 'node:events';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { download, type DownloadOptions, type DownloadProgress } from './download.ts';
import { askedRange, serveRange, serveTest, type Handler } from './test-server.ts';

const never = new AbortController().signal;
const content = Buffer.from(Array.from({ length: 10_000 }, (_, index) => (index * 7 + (index >> 8)) % 256));
const options: DownloadOptions = { chunkBytes: 1000, concurrency: 4 };

/** Collects what is written; counts how many writes, and so how many pieces in memory, overlap. */
class MemorySink {
  readonly bytes = Buffer.alloc(content.length * 2);
  #length = 0;
  #overlapping = 0;
  mostOverlapping = 0;

  async write(bytes: Uint8Array, offset: number): Promise<void> {
    this.#overlapping += 1;
    this.mostOverlapping = Math.max(this.mostOverlapping, this.#overlapping);
    await new Promise(setImmediate);
    this.bytes.set(bytes, offset);
    this.#length = Math.max(this.#length, offset + bytes.length);
    this.#overlapping -= 1;
  }

  get written(): Buffer {
    return this.bytes.subarray(0, this.#length);
  }
}

/** Downloads from a server with this handler. */
async function fetchFrom(handler: Handler, signal = never) {
  await using server = await serveTest(handler);
  const sink = new MemorySink();
  const progress: DownloadProgress[] = [];
  const onProgress = (step: DownloadProgress) => progress.push(step);
  const result = await download(new URL('object', server.url), sink, { ...options, onProgress }, signal);
  return { result, sink, progress, requests: server.requests };
}

const good = serveRange(content, '"v1"');

/** Answers like the good server, except for the `nth` request for a range that begins at `start`. */
function except(start: number, times: number, fault: Handler): Handler {
  let seen = 0;
  return (request, response) => {
    if (askedRange(request)?.[0] !== start || seen === times) return good(request, response);
    seen += 1;
    return fault(request, response);
  };
}

describe('download', () => {
  it('fetches ranges, all but the first pinned by If-Match', async () => {
    const { result, sink, requests, progress } = await fetchFrom(good);
    expect(sink.written.equals(content)).toBe(true);
    expect(result).toMatchObject({ bytes: 10_000, etag: '"v1"', requests: 10 });
    const ranges = Array.from({ length: 10 }, (_, index) => `bytes=${index * 1000}-${index * 1000 + 999}`);
    expect(new Set(requests.map((request) => request.headers.range))).toEqual(new Set(ranges));
    expect(requests.map((request) => request.headers['if-match'])).toEqual([
      undefined,
      ...Array(9).fill('"v1"'),
    ]);
    expect(progress.at(-1)).toEqual({ receivedBytes: 10_000, totalBytes: 10_000 });
  });

  it('gives the same bytes whatever the sizes', async () => {
    const length = fc.integer({ min: 0, max: 5000 });
    const sizes = {
      length,
      chunkBytes: fc.integer({ min: 1, max: 6000 }),
      concurrency: fc.integer({ min: 1, max: 8 }),
    };
    await fc.assert(
      fc.asyncProperty(fc.record(sizes), async ({ length, chunkBytes, concurrency }) => {
        fc.pre(length / chunkBytes < 100);
        const part = content.subarray(0, length);
        await using server = await serveTest(serveRange(part, '"v1"'));
        const sink = new MemorySink();
        const result = await download(server.url, sink, { chunkBytes, concurrency }, never);
        expect(sink.written.equals(part)).toBe(true);
        expect(result.bytes).toBe(length);
        expect(sink.mostOverlapping).toBeLessThanOrEqual(2);
      }),
      { numRuns: 40 },
    );
  });

  it('has at most `concurrency` requests in flight', async () => {
    let inFlight = 0;
    let most = 0;
    const meeting = new EventEmitter();
    const met = once(meeting, 'met');
    await fetchFrom(async (request, response) => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      if (inFlight > 1) meeting.emit('met');
      response.on('finish', () => (inFlight -= 1));
      // All but the first, which goes alone, wait until there are two.
      if (askedRange(request)?.[0] !== 0) await met;
      await new Promise(setImmediate);
      await good(request, response);
    });
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(options.concurrency);
  });

  it('sends the user and password of the URL with every request', async () => {
    await using server = await serveTest(good);
    const url = Object.assign(new URL('object', server.url), { username: 'a%20b', password: 'c%3A' });
    await download(url, new MemorySink(), options, never);
    const authorization = `Basic ${Buffer.from('a b:c:').toString('base64')}`;
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(
      Array(10).fill(authorization),
    );
  });

  it('reads ahead of a slow range as far as there is memory', async () => {
    const asked: number[] = [];
    const farthest = new EventEmitter();
    const seen = once(farthest, 'asked');
    let askedMeanwhile = 0;
    const { sink } = await fetchFrom(async (request, response) => {
      const [start] = askedRange(request) ?? [0];
      asked.push(start);
      if (start === 7000) farthest.emit('asked');
      if (start === 1000) {
        await seen;
        await new Promise(setImmediate);
        askedMeanwhile = Math.max(...asked);
      }
      await good(request, response);
    });
    expect(askedMeanwhile).toBe(7000);
    expect(sink.written.equals(content)).toBe(true);
  });

  it('tells the freshen metadata', async () => {
    const { result } = await fetchFrom((request, response) => {
      response.setHeader('x-cachew-snapshot-commit', 'abc').setHeader('x-cachew-bundle-url', '/bundle');
      return good(request, response);
    });
    expect(result).toMatchObject({ commit: 'abc', bundleUrl: '/bundle' });
  });

  it('follows redirects and pins to where they lead', async () => {
    const { sink, requests } = await fetchFrom((request, response) => {
      if (request.url !== '/object') return good(request, response);
      response.writeHead(307, { location: '/elsewhere' }).end();
    });
    expect(sink.written.equals(content)).toBe(true);
    expect(requests.filter((request) => request.url === '/object')).toHaveLength(1);
  });
});

describe('download from a server without ranges or validators', () => {
  it('reads one stream when Range is ignored', async () => {
    const { result, sink } = await fetchFrom((_, response) => void response.end(content));
    expect(sink.written.equals(content)).toBe(true);
    expect(result).toMatchObject({ bytes: 10_000, etag: undefined, requests: 1 });
  });

  it.each([undefined, 'W/"weak"'])('reads one stream when the ETag is %s', async (etag) => {
    const { sink, requests } = await fetchFrom(serveRange(content, etag));
    expect(sink.written.equals(content)).toBe(true);
    expect(requests.map((request) => request.headers.range)).toEqual(['bytes=0-999', undefined]);
  });

  it('reads one stream when the length is unknown', async () => {
    const { sink } = await fetchFrom((request, response) => {
      const isRanged = request.headers.range !== undefined;
      if (isRanged) response.writeHead(206, { etag: '"v1"', 'content-range': 'bytes 0-999/*' });
      response.end(isRanged ? content.subarray(0, 1000) : content);
    });
    expect(sink.written.equals(content)).toBe(true);
  });

  it('uses the one answer when everything fits, without a validator too', async () => {
    const { sink, result } = await fetchFrom(serveRange(content.subarray(0, 900), undefined));
    expect(sink.written.equals(content.subarray(0, 900))).toBe(true);
    expect(result.requests).toBe(1);
  });

  it('fails when the stream breaks off, with and without a length', async () => {
    const broken = (headers: Record<string, number>): Handler => {
      return async (_, response) => {
        response.writeHead(200, headers).write(content.subarray(0, 500));
        await new Promise((resolve) => setTimeout(resolve, 20));
        response.destroy();
      };
    };
    await expect(fetchFrom(broken({ 'content-length': 10_000 }))).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    });
    await expect(fetchFrom(broken({}))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });
});

describe('download from a faulty server', () => {
  it.each([
    ['answers 503 twice', 2, (_: unknown, response) => void response.writeHead(503).end('busy')],
    ['resets the connection', 1, (_: unknown, response) => void response.destroy()],
    [
      'ignores the range once',
      1,
      (_: unknown, response) => void response.writeHead(200, { etag: '"v1"' }).end(content),
    ],
    [
      'answers with another range',
      1,
      (_: unknown, response) =>
        void response
          .writeHead(206, { etag: '"v1"', 'content-range': 'bytes 0-999/10000' })
          .end(content.subarray(0, 1000)),
    ],
    [
      'names another length',
      1,
      (_: unknown, response) =>
        void response
          .writeHead(206, { etag: '"v1"', 'content-range': 'bytes 3000-3999/9999' })
          .end(content.subarray(3000, 4000)),
    ],
    [
      'sends more than it says',
      1,
      (_: unknown, response) =>
        void response
          .writeHead(206, { etag: '"v1"', 'content-range': 'bytes 3000-3999/10000' })
          .end(content.subarray(3000, 4500)),
    ],
  ] satisfies readonly (readonly [string, number, Handler])[])(
    'tries again when it %s',
    async (_, times, fault) => {
      const { sink, requests } = await fetchFrom(except(3000, times, fault));
      expect(sink.written.equals(content)).toBe(true);
      expect(requests.filter((request) => request.headers.range?.startsWith('bytes=3')).length).toBe(
        times + 1,
      );
    },
  );

  it('goes on from where a range broke off', async () => {
    const { sink, requests } = await fetchFrom(
      except(3000, 1, async (_, response) => {
        response.writeHead(206, {
          etag: '"v1"',
          'content-range': 'bytes 3000-3999/10000',
          'content-length': 1000,
        });
        response.write(content.subarray(3000, 3400));
        await new Promise((resolve) => setTimeout(resolve, 50));
        response.destroy();
      }),
    );
    expect(sink.written.equals(content)).toBe(true);
    expect(requests.map((request) => request.headers.range)).toContain('bytes=3400-3999');
  });

  it.each([
    ['412', (_: unknown, response) => void response.writeHead(412).end()],
    [
      'the new revision with If-Match ignored',
      (_: unknown, response) =>
        void response
          .writeHead(206, { etag: '"v2"', 'content-range': 'bytes 3000-3999/10000' })
          .end(content.subarray(3000, 4000)),
    ],
    [
      'all of the new revision',
      (_: unknown, response) => void response.writeHead(200, { etag: '"v2"' }).end(content),
    ],
  ] satisfies readonly (readonly [string, Handler])[])(
    'fails for good when the object changes midway and the answer is %s',
    async (_, fault) => {
      const server = except(3000, 99, fault);
      const seen: string[] = [];
      const record: Handler = (request, response) => {
        seen.push(request.headers.range ?? '');
        return server(request, response);
      };
      await expect(fetchFrom(record)).rejects.toMatchObject({
        code: 'REVISION_CHANGED',
        message: expect.stringMatching(/^http:.*\/object changed while it was downloaded$/),
      });
      expect(seen.filter((range) => range === 'bytes=3000-3999')).toHaveLength(1);
    },
  );

  it.each([
    [404, 'NOT_FOUND'],
    [403, 'FORBIDDEN'],
    [418, 'STORE_MISBEHAVED'],
    [500, 'STORE_UNAVAILABLE'],
  ])('says what %d means', async (status, code) => {
    const refuse: Handler = (_, response) => void response.writeHead(status).end('{"message":"why\\nnot"}');
    await expect(fetchFrom(refuse)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(new RegExp(`/object: 127.0.0.1:\\d+ answers ${status} \\(why\\)$`)),
    });
  });

  it('gives up on a server that always ignores later ranges', async () => {
    const fault: Handler = (_, response) => void response.writeHead(200, { etag: '"v1"' }).end(content);
    await expect(fetchFrom(except(3000, 99, fault))).rejects.toMatchObject({ code: 'STORE_MISBEHAVED' });
  });

  it('says when nothing listens', async () => {
    const server = await serveTest(good);
    await server[Symbol.asyncDispose]();
    await expect(download(server.url, new MemorySink(), options, never)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining('does not answer: nothing listens there'),
    });
  });
});

describe('download that is stopped', () => {
  it('ends every request and writes nothing more when it is cancelled', async () => {
    const controller = new AbortController();
    const closed: Promise<unknown>[] = [];
    const stuck: Handler = (request, response) => {
      if (askedRange(request)?.[0] === 0) return good(request, response);
      closed.push(once(response, 'close'));
      if (closed.length === options.concurrency) controller.abort();
    };
    await using server = await serveTest(stuck);
    const sink = new MemorySink();
    await expect(download(server.url, sink, options, controller.signal)).rejects.toMatchObject({
      code: 'ABORTED',
    });
    await Promise.all(closed);
    expect(sink.written.length).toBe(1000);
  });

  it('ends every request when the sink fails', async () => {
    await using server = await serveTest(good);
    const sink = {
      write: async (_: Uint8Array, offset: number) => {
        if (offset >= 2000) throw new Error('disk full');
      },
    };
    await expect(download(server.url, sink, options, never)).rejects.toThrow('disk full');
  });
});
