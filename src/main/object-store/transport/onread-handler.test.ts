/** The fast way and the SDK's own, side by side: what the SDK sends and understands must be the same. */
import { randomBytes } from 'node:crypto';
import dns from 'node:dns';
import type { LookupFunction } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { S3ServiceException } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { KiB, MiB } from '#shared/units.ts';
import { readRange } from '#main/object-store/object-store.fixture.ts';
import { createS3Store } from '#main/object-store/s3.ts';
import { useOnread } from './onread-handler.ts';
import { partial, startScriptedServer } from './scripted-server.ts';
import type { ScriptedServer } from './scripted-server.ts';
import { selfSigned } from './self-signed.ts';

const connection = { region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } };
const transports = ['sdk', 'onread'] as const;
const input = { Bucket: 'bucket', Key: 'some/größe (1)+*.tar', Range: 'bytes=0-9', IfMatch: '"pin"' };

let server: ScriptedServer;
beforeEach(async () => {
  server = await startScriptedServer((socket) => socket.write(partial(Buffer.from('0123456789'))));
});
afterEach(() => server[Symbol.asyncDispose]());

function open(transport: (typeof transports)[number], pathStyle = true): S3Client {
  const endpoint = `http://localhost:${server.port}`;
  const client = new S3Client({ ...connection, endpoint, forcePathStyle: pathStyle, maxAttempts: 1 });
  if (transport === 'onread') useOnread(client);
  return client;
}

async function get(client: S3Client): Promise<string> {
  const answer = await client.send(new GetObjectCommand(input));
  return `${answer.$metadata.httpStatusCode} ${await answer.Body?.transformToString('latin1')}`;
}

describe('a GET of a range', () => {
  it.each([
    ['the bucket in the path', true],
    ['the bucket in the name of the host', false],
  ])('with %s is sent as the SDK sends it', async (_, pathStyle) => {
    // As the DNS has it for the buckets of a real host.
    const everywhere: LookupFunction = (_host, _options, done) =>
      done(null, [{ address: '127.0.0.1', family: 4 }]);
    using _lookup = vi.spyOn(dns, 'lookup').mockImplementation(everywhere as typeof dns.lookup);
    const sent = [];
    for (const transport of transports) {
      const client = open(transport, pathStyle);
      await get(client);
      client.destroy();
      const [line, ...fields] = server.heads.at(-1)?.split('\r\n') ?? [];
      const changing =
        /^(connection|authorization|amz-sdk-invocation-id|x-amz-date|x-amz-user-agent|user-agent):/i;
      sent.push([line, ...fields.filter((field) => !changing.test(field)).sort()]);
    }
    expect(sent[0]?.[0]).toContain(pathStyle ? 'GET /bucket/some/' : 'GET /some/');
    expect(sent[0]).toContain(`host: ${pathStyle ? '' : 'bucket.'}localhost:${server.port}`);
    expect(sent[1]).toEqual(sent[0]);
  });

  const xml = '<?xml version="1.0"?><Error><Code>NoSuchKey</Code><Message>gone</Message></Error>';
  const answers: [string, string][] = [
    ['a range', 'HTTP/1.1 206 Partial Content\r\nContent-Length: 5\r\n\r\nhello'],
    ['a chunked range', 'HTTP/1.1 206 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n'],
    ['the whole object', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'],
    ['an encoded range', 'HTTP/1.1 206 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello'],
    ['an error', `HTTP/1.1 404 Not Found\r\nContent-Length: ${xml.length}\r\n\r\n${xml}`],
    [
      'a chunked error',
      `HTTP/1.1 404 -\r\nTransfer-Encoding: chunked\r\n\r\n${xml.length.toString(16)}\r\n${xml}\r\n0\r\n\r\n`,
    ],
    ['an error until the end', `HTTP/1.1 404 -\r\nConnection: close\r\n\r\n${xml}`],
    ['an error without a body', 'HTTP/1.1 412 Precondition Failed\r\nContent-Length: 0\r\n\r\n'],
    ['an error that is no XML', 'HTTP/1.1 503 -\r\nContent-Length: 4\r\n\r\nbusy'],
    ['a redirection', 'HTTP/1.1 301 -\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n'],
  ];
  it.each(answers)('answered with %s is understood as the SDK understands it', async (_, answer) => {
    server.script = (socket) => (answer.includes('close') ? socket.end(answer) : socket.write(answer));
    const outcomes = [];
    for (const transport of transports) {
      const client = open(transport);
      outcomes.push(
        await get(client).catch((error: S3ServiceException) => ({
          name: error.name,
          status: error.$metadata.httpStatusCode,
        })),
      );
      client.destroy();
    }
    expect(outcomes[1]).toEqual(outcomes[0]);
  });

  it('answered with an endless error is given up', async () => {
    const head = `HTTP/1.1 500 -\r\nContent-Length: 1000000000\r\n\r\n`;
    server.script = (socket) => socket.write(head + 'x'.repeat(65 * KiB));
    const client = open('onread');
    await expect(get(client)).rejects.toMatchObject({ code: 'STORE_MISBEHAVED' });
    client.destroy();
  });

  it('works over TLS', async () => {
    const certificate = selfSigned();
    await using secure = await startScriptedServer(
      (socket) => socket.write(partial(Buffer.from('0123456789'))),
      certificate,
    );
    const endpoint = `https://localhost:${secure.port}`;
    const client = new S3Client({ ...connection, endpoint, forcePathStyle: true });
    useOnread(client, { trust: { ca: certificate.cert } });
    expect(await get(client)).toBe('206 0123456789');
    client.destroy();
  });
});

describe.each(transports)('over the %s transport, a read', (transport) => {
  const revision = { key: `ab/${'ab'.repeat(32)}`, pin: 'pin', length: 10 };
  const read = async (endpoint: string) => {
    await using store = createS3Store({
      ...connection,
      endpoint,
      bucket: 'bucket',
      pathStyle: true,
      transport,
    });
    await readRange(store, revision, { start: 0, end: 10 });
  };

  it.each([
    ['a port where nobody listens', async () => 'http://127.0.0.1:1'],
    ['a name that nobody has', async () => 'http://nowhere.invalid:9'],
    ['a server that hangs up', async () => `http://127.0.0.1:${server.port}`],
  ])('from %s fails as unavailable', async (_, endpoint) => {
    server.script = (socket) => socket.destroy();
    await expect(read(await endpoint())).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });

  it('from a server that does not answer to TLS ends when it is aborted', async () => {
    const endpoint = `https://127.0.0.1:${server.port}`;
    await using store = createS3Store({
      ...connection,
      endpoint,
      bucket: 'bucket',
      pathStyle: true,
      transport,
    });
    const controller = new AbortController();
    const opening = store.openRange(revision, { start: 0, end: 10 }, controller.signal);
    await expect.poll(() => server.open).toBe(1);
    controller.abort();
    await expect(opening).rejects.toMatchObject({ code: 'ABORTED' });
    await expect.poll(() => server.open).toBe(0);
  });

  it('from a server that nobody vouches for fails as unavailable', async () => {
    await using secure = await startScriptedServer(() => undefined, selfSigned());
    const reading = read(`https://localhost:${secure.port}`);
    await expect(reading).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });
});

/** So that what was left over before is not taken for what is given back meanwhile. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}

describe('the memory of reads', () => {
  it('is the memory they were given', async () => {
    const chunk = randomBytes(8 * MiB);
    const fields = [`Content-Range: bytes 0-${chunk.length - 1}/${chunk.length}`, 'ETag: "pin"'];
    const answer = partial(chunk, ...fields);
    server.script = (socket) => socket.write(answer);
    await using store = createS3Store({
      ...connection,
      endpoint: `http://127.0.0.1:${server.port}`,
      bucket: 'bucket',
      pathStyle: true,
      transport: 'onread',
    });
    const slabs = Array.from({ length: 8 }, () => new Uint8Array(chunk.length));
    const revision = { key: `ab/${'ab'.repeat(32)}`, pin: 'pin', length: chunk.length };
    const sample = () => process.memoryUsage().arrayBuffers;
    let peakBytes = 0;
    const onBytes = () => (peakBytes = Math.max(peakBytes, sample()));
    const read = async (slab: Uint8Array) => {
      const whole = { start: 0, end: slab.length };
      const answer = await store.openRange(revision, whole, new AbortController().signal);
      await answer.readInto(slab, onBytes);
    };
    const readAll = () => Promise.all(slabs.map(read));
    await readAll();
    collectGarbage();
    const before = sample();
    peakBytes = 0;
    for (let round = 0; round < 3; round += 1) await readAll();
    expect(peakBytes).toBeGreaterThan(0);
    expect(peakBytes - before).toBeLessThan(MiB);
    for (const slab of slabs) expect(Buffer.compare(slab, chunk)).toBe(0);
  });
});
