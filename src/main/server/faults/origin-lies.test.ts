/** The origin answers with something else than was asked for: never a wrong byte, and never a clean end of too few. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  changed,
  chunked,
  inPieces,
  refusal,
  withField,
  type Fault,
} from '#main/object-store/fault-proxy.ts';
import { chunkBytes, content, origins, Origins, places, type Place, type World } from './world.fixture.ts';

let behind: Origins;
beforeAll(async () => {
  behind = await Origins.start();
});
afterAll(() => behind[Symbol.asyncDispose]());

const total = content.length;
const extra = Buffer.alloc(7, 'extra');

/** A Content-Range that differs from the right one by so much. */
function shifted(start: number, end: number, length: number): Fault {
  return changed(({ headers }) => {
    const [, first, last, of] = /bytes (\d+)-(\d+)\/(\d+)/.exec(headers['content-range'] ?? '') ?? [];
    const range = `bytes ${Number(first) + start}-${Number(last) + end}/${Number(of) + length}`;
    return { headers: { ...headers, 'content-range': range } };
  });
}

/** Heads that contradict the request. */
const heads: Readonly<Record<string, Fault>> = {
  '200 with the range that was asked for': changed(() => ({ status: 200 })),
  '200 with the whole object': changed(({ headers }) => {
    const { 'content-range': _, ...others } = headers;
    return { status: 200, headers: { ...others, 'content-length': String(total) }, body: content };
  }),
  'another start': shifted(1, 0, 0),
  'another end': shifted(0, -1, 0),
  'no Content-Range': withField('content-range', undefined),
  'a longer Content-Length': changed(({ headers, body }) => ({
    headers: { ...headers, 'content-length': String(body.length + extra.length) },
    body: Buffer.concat([body, extra]),
  })),
  'a shorter Content-Length': changed(({ headers, body }) => ({
    headers: { ...headers, 'content-length': String(body.length - 7) },
    body: body.subarray(0, -7),
  })),
  'a success with another status': changed(() => ({ status: 204, headers: {}, body: Buffer.alloc(0) })),
};

/** Bodies that are not as long as was asked for, which is seen when they end. */
const bodies: Readonly<Record<string, Fault>> = {
  'a body that goes on': chunked((body) => Buffer.concat([body, extra])),
  'a body that ends too soon': chunked((body) => body.subarray(0, -7)),
};

const lies = { ...heads, ...bodies };

/** What the first look has nothing to compare with. */
const drifts: Readonly<Record<string, Fault>> = {
  'another total': shifted(0, 0, 7),
  'another ETag': withField('etag', '"0123456789abcdef0123456789abcdef"'),
};

/** Neither a wrong byte nor a clean end of too few. */
async function readSafely(world: World, path: string) {
  const { status, body, whole } = await world.read(path);
  const isBody = status === 200;
  expect(isBody ? Buffer.compare(body, content.subarray(0, body.length)) : 0).toBe(0);
  expect(isBody && whole ? body.length : total).toBe(total);
  return { status, whole };
}

const rows = Object.keys(lies).flatMap((lie) =>
  (Object.keys(places) as Place[]).map((place) => ({ lie, place })),
);

describe.each(origins)('%s', (origin) => {
  it.each(rows)('$lie, once, to $place: asked again, identical bytes', async ({ lie, place }) => {
    await using world = await behind.world({ origin });
    const path = await world.put();
    world.spoil(place, lies[lie]!);
    expect(await readSafely(world, path)).toEqual({ status: 200, whole: true });
    await world.settled();
  });

  it.each(Object.keys(lies))(
    '%s, always, to the first look: no body, and right when it has stopped',
    async (lie) => {
      await using world = await behind.world({ origin });
      const path = await world.put();
      world.spoil('the first look', lies[lie]!, Infinity);
      // The beginning of a body may go out before its end has shown what it is worth.
      const expected = lie in heads ? { status: 502 } : { status: 200, whole: false };
      expect(await readSafely(world, path)).toMatchObject(expected);
      await world.settled();
      world.proxy.heal();
      expect(await readSafely(world, path)).toEqual({ status: 200, whole: true });
      await world.settled();
    },
  );

  it.each(Object.keys({ ...lies, ...drifts }))(
    '%s, always, to a later chunk: a broken connection, and right when it has stopped',
    async (lie) => {
      await using world = await behind.world({ origin });
      const path = await world.put();
      world.spoil('a later chunk', { ...lies, ...drifts }[lie]!, Infinity);
      expect(await readSafely(world, path)).toEqual({ status: 200, whole: false });
      await world.settled();
      world.proxy.heal();
      expect(await readSafely(world, path)).toEqual({ status: 200, whole: true });
      await world.settled();
    },
  );

  it.each(Object.keys(drifts))(
    '%s in the first look, once: no mixture, and right when asked again',
    async (drift) => {
      await using world = await behind.world({ origin });
      const path = await world.put();
      world.spoil('the first look', drifts[drift]!);
      expect((await readSafely(world, path)).whole).toBe(false);
      await world.settled();
      expect(await readSafely(world, path)).toEqual({ status: 200, whole: true });
      await world.settled();
    },
  );
});

/** The store says that the revision is not there. */
const gone: Readonly<Record<string, Fault>> = {
  '412': refusal(412, 'PreconditionFailed'),
  '404': refusal(404, 'NoSuchKey'),
  '416': refusal(416, 'InvalidRange'),
  '412 with a page for people': (_, response) =>
    void response.writeHead(412, { 'content-type': 'text/html' }).end('<html><hr>nginx</html>'),
};

describe.each(origins)('%s: a revision that is gone', (origin) => {
  it.each(Object.keys(gone))('%s before anything was sent: looked up again, served whole', async (how) => {
    await using world = await behind.world({ origin });
    const path = await world.put();
    expect((await fetch(world.sluice.url + path, { method: 'HEAD' })).status).toBe(200); // Now it is known.
    world.spoil('the first look', gone[how]!);
    expect(await readSafely(world, path)).toEqual({ status: 200, whole: true });
    await world.settled();
  });

  it.each(Object.keys(gone))('%s in mid-stream: broken off, not spliced', async (how) => {
    await using world = await behind.world({ origin });
    const path = await world.put();
    world.spoil('a later chunk', gone[how]!, Infinity);
    expect(await readSafely(world, path)).toEqual({ status: 200, whole: false });
    expect(await world.metric('revisions_gone_total{what="revisions"}')).toBeGreaterThanOrEqual(1);
    await world.settled();
  });

  it('replaced before anything was sent: the new one, whole', async () => {
    await using world = await behind.world({ origin });
    const path = await world.put();
    await fetch(world.sluice.url + path, { method: 'HEAD' });
    const fresh = randomBytes(total + 5);
    await world.replace(path, fresh);
    const { status, body, whole } = await world.read(path);
    expect({ status, whole, wrong: Buffer.compare(body, fresh) }).toEqual({
      status: 200,
      whole: true,
      wrong: 0,
    });
    await world.settled();
  });

  it('replaced in mid-stream: the old one as far as it came, and the new one next', async () => {
    await using world = await behind.world({ origin });
    const path = await world.put();
    const fresh = randomBytes(total + 5);
    let replaced: Promise<void> | undefined;
    world.spoil('any', (answer, response) => {
      replaced ??= world.replace(path, fresh);
      void replaced.then(() => changed(() => ({}))(answer, response));
    });
    expect(await readSafely(world, path)).toEqual({ status: 200, whole: false });
    await world.settled();
    const { body, whole } = await world.read(path);
    expect({ whole, wrong: Buffer.compare(body, fresh) }).toEqual({ whole: true, wrong: 0 });
    await world.settled();
  });

  it('whoever has all the rest in memory finishes, and whoever has not is broken off', async () => {
    await using world = await behind.world({ origin, config: { memoryCacheBytes: 32 * chunkBytes } });
    const path = await world.put();
    const from = 2 * chunkBytes;
    const tail = ['Range: bytes=' + from + '-'];
    expect((await world.read(path, tail)).whole).toBe(true);
    using patient = await world.sluice.connect();
    const head = await patient.request(`GET ${path}`, tail).head();
    expect(head.status).toBe(206);
    world.proxy.spoil((_line, fields) => fields['if-match'] !== undefined, gone['412']!, Infinity);
    const other = await world.read(path);
    expect(other.whole).toBe(false);
    expect(Buffer.compare(await patient.body(total - from), content.subarray(from))).toBe(0);
    patient[Symbol.dispose]();
    await world.settled();
  });
});

describe.each(origins)('%s: forms of answers', (origin) => {
  it.each([
    ['416', refusal(416, 'InvalidRange')],
    [
      '206 with bytes 0--1/0',
      changed(({ headers }) => ({
        status: 206,
        headers: { ...headers, 'content-range': 'bytes 0--1/0', 'content-length': '0' },
        body: Buffer.alloc(0),
      })),
    ],
    [
      '200 without a byte',
      changed(({ headers }) => ({
        status: 200,
        headers: { ...headers, 'content-length': '0' },
        body: Buffer.alloc(0),
      })),
    ],
  ] as const)('an empty object, which the origin answers with %s: 200 and no byte', async (_, fault) => {
    await using world = await behind.world({ origin });
    const path = await world.put(Buffer.alloc(0));
    world.spoil('any', fault);
    expect(await world.read(path)).toMatchObject({ status: 200, whole: true, body: Buffer.alloc(0) });
    expect(await world.read(path)).toMatchObject({ status: 200, whole: true, body: Buffer.alloc(0) });
    await world.settled();
  });

  it.each([
    ['its head one byte at a time', []],
    ['100 Continue before it', ['HTTP/1.1 100 Continue\r\n\r\n']],
    [
      '102 and 103 before it, with fields',
      [
        'HTTP/1.1 102 Processing\r\nX-One: 1\r\n\r\n',
        'HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\nETag: "no"\r\n\r\n',
      ],
    ],
  ])('an answer with %s: taken', async (_, interim) => {
    await using world = await behind.world({ origin });
    const path = await world.put();
    world.spoil('any', inPieces(interim), 3);
    expect(await readSafely(world, path)).toEqual({ status: 200, whole: true });
    expect(await world.metric('store_retries_total{code="STORE_UNAVAILABLE"}')).toBe(0);
    await world.settled();
  });

  it.each([
    [503, 'SlowDown', 200],
    [404, 'NoSuchKey', 404],
  ])('an error %i in chunked XML: read, and what it means done', async (status, code, answered) => {
    await using world = await behind.world({ origin });
    const path = await world.put();
    world.spoil('the first look', (_, response) => {
      response.writeHead(status, { 'content-type': 'application/xml' });
      response.write('<?xml version="1.0"?><Er');
      setImmediate(() => response.end(`ror><Code>${code}</Code><Message>x</Message></Error>`));
    });
    expect(await readSafely(world, path)).toMatchObject({ status: answered });
    await world.settled();
  });

  it('no object, said with a page for people: 404', async () => {
    await using world = await behind.world({ origin });
    world.proxy.spoil(
      /./,
      (_, response) => void response.writeHead(404, { 'content-type': 'text/html' }).end('<p>Not here<br>'),
      Infinity,
    );
    expect((await world.read('/api/v1/object/test/missing')).status).toBe(404);
    await world.settled();
  });

  it('a companion that is missing, said with a page for people: the object without it', async () => {
    await using world = await behind.world();
    const path = await world.put();
    const page: Fault = (_, response) =>
      void response.writeHead(404, { 'content-type': 'text/html' }).end('<p>Not here<br>');
    world.proxy.spoil(/\.meta/, page, Infinity);
    // A young object without its companion is one that is being written: there is none yet.
    expect((await world.read(path)).status).toBe(404);
    world.proxy.heal();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(await readSafely(world, path)).toEqual({ status: 200, whole: true });
    await world.settled();
  });
});
