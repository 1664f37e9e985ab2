/**
 * A mixed load on a whole server in front of a real S3 server (`npm run test:ceph`), with a proxy between them that
 * spoils answers: every byte is compared, and nothing stays behind.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startTestServer, type TestServer } from '#main/app.fixture.ts';
import {
  after,
  changed,
  delayed,
  endings,
  honest,
  refusal,
  reset,
  startFaultProxy,
  type Fault,
  type FaultProxy,
} from '#main/object-store/fault-proxy.ts';
import { expectQuiet } from '#main/testing/gauges.ts';
import { MiB } from '#shared/units.ts';

const endpoint = process.env['SLUICE_TEST_S3_ENDPOINT'] ?? '';
const bucket = `sluice-faults-${randomUUID()}`;
const clients = 20;
const loadMilliseconds = 4000;
const objects = [300_000, 2 * MiB + 17, 9 * MiB + 1].map((length) => randomBytes(length));

beforeAll(async () => {
  const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  client.destroy();
});

/** Spoils some of the answers, in turn: the same ones in every run, whatever asks for them. */
function every(count: number, fault: Fault): Fault {
  let answers = 0;
  return (...answer) => {
    answers += 1;
    (answers % count === 0 ? fault : honest)(...answer);
  };
}

const rows: Readonly<Record<string, Fault>> = {
  'nothing wrong': honest,
  latency: delayed(50),
  resets: every(7, reset),
  'truncated bodies': every(
    7,
    after((bytes) => bytes * 0.7, endings.FIN),
  ),
  '503 SlowDown': every(9, refusal(503, 'SlowDown')),
  'ignored ranges': every(
    9,
    changed(() => ({ status: 200 })),
  ),
  'silence in a body': every(
    40,
    after((bytes) => bytes / 3, endings.silence),
  ),
};

describe.each(Object.keys(rows))('%s', (row) => {
  let proxy: FaultProxy;
  let sluice: TestServer;
  beforeAll(async () => {
    proxy = await startFaultProxy(endpoint);
    sluice = await startTestServer(
      {
        store: `s3://${bucket}`,
        s3Endpoint: proxy.endpoint,
        s3Region: 'us-east-1',
        s3PathStyle: true,
        memoryCacheBytes: 2 * MiB,
        diskCacheBytes: 0,
      },
      { stalls: { idleMs: 1000 } },
    );
  });
  afterAll(async () => {
    await sluice[Symbol.asyncDispose]();
    await proxy[Symbol.asyncDispose]();
  });

  /** Reads ranges of random objects until the time is over. @returns how many came whole */
  async function load(paths: readonly string[], end: number): Promise<number> {
    let whole = 0;
    while (Date.now() < end) {
      const index = Math.floor(Math.random() * paths.length);
      const bytes = objects[index] ?? Buffer.alloc(0);
      const start = Math.floor(Math.random() * bytes.length);
      using client = await sluice.connect();
      client.request(`GET ${paths[index]}`, [`Range: bytes=${start}-`, 'Connection: close']);
      const { status } = await client.head();
      if (status !== 206) continue;
      const body = await client.body(bytes.length - start);
      expect(Buffer.compare(body, bytes.subarray(start, start + body.length))).toBe(0);
      if (body.length === bytes.length - start) whole += 1;
    }
    return whole;
  }

  it('identical bytes for twenty clients, and nothing left', async () => {
    const paths = await Promise.all(objects.map((bytes) => sluice.put(randomUUID(), bytes)));
    proxy.spoil(
      (line, { range }) => /^GET .*[0-9a-f]{64}\?/.test(line) && range !== undefined,
      rows[row] ?? honest,
      Infinity,
    );
    const end = Date.now() + loadMilliseconds;
    const whole = await Promise.all(Array.from({ length: clients }, () => load(paths, end)));
    // Faults are rare enough for retries to get over them.
    expect(whole.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
    await vi.waitFor(() => expectQuiet(sluice.engine), 15_000);
    expect(sluice.engine.fetcher.stats.activeRequests).toBe(0);
  });

  it('an object that is replaced under load: old or new, never both', async () => {
    const key = randomUUID();
    const [old, fresh] = [randomBytes(5 * MiB), randomBytes(5 * MiB + 3)];
    const path = await sluice.put(key, old);
    await using other = await startTestServer({
      store: `s3://${bucket}`,
      s3Endpoint: endpoint,
      s3Region: 'us-east-1',
      s3PathStyle: true,
    });
    let replaced = false;
    const read = async (): Promise<void> => {
      for (let after = 0; after < 2; after += replaced ? 1 : 0) {
        using client = await sluice.connect();
        const { status, headers } = await client.request(`GET ${path}`, ['Connection: close']).head();
        if (status !== 200) continue;
        const length = Number(headers['content-length']);
        const expected = length === old.length ? old : fresh;
        const body = await client.body(length);
        expect(Buffer.compare(body, expected.subarray(0, body.length))).toBe(0);
      }
    };
    const reading = Array.from({ length: clients }, read);
    await other.put(key, fresh);
    replaced = true;
    await Promise.all(reading);
    proxy.heal();
    await vi.waitFor(async () => {
      const body = Buffer.from(await (await sluice.get(path)).arrayBuffer());
      expect(Buffer.compare(body, fresh)).toBe(0);
    }, 30_000);
    await vi.waitFor(() => expectQuiet(sluice.engine), 15_000);
  });
});
