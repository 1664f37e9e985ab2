/** The way to the origin: no connection, no name, no trust, and clocks that differ. */
import dns from 'node:dns';
import { createServer } from 'node:https';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startTestServer } from '#main/app.fixture.ts';
import { lastingPort } from '#main/testing/lasting-port.ts';
import { refusal, reset, startFaultProxy, type FaultProxy } from '#main/object-store/fault-proxy.ts';
import { selfSigned } from '#main/object-store/transport/self-signed.ts';
import { content, origins, Origins, patient } from './world.fixture.ts';

let behind: Origins;
beforeAll(async () => {
  behind = await Origins.start();
});
afterAll(() => behind[Symbol.asyncDispose]());
afterEach(() => vi.restoreAllMocks());

describe.each(origins)('%s', (origin) => {
  it('nobody listens: 502; and what was asked for once the origin is back on its port', async () => {
    const port = await lastingPort();
    await using world = await behind.world({ origin, port });
    const path = await world.put();
    await world.proxy[Symbol.asyncDispose]();
    expect((await world.read(path)).status).toBe(502);
    expect(await world.metric('store_retries_total{code="STORE_UNAVAILABLE"}')).toBe(4);
    await world.settled();
    await using _again = await startFaultProxy(behind.endpoint(origin), port);
    const { body } = await world.read(path);
    expect(Buffer.compare(body, content)).toBe(0);
    await world.settled();
  });

  it('the origin is restarted in mid-transfer: identical bytes', async () => {
    const tuning = { ...patient, retries: { backOffMs: 100, attempts: 50 } };
    const port = await lastingPort();
    await using world = await behind.world({ origin, tuning, port });
    const path = await world.put();
    const restart = async (): Promise<FaultProxy> => {
      await world.proxy[Symbol.asyncDispose]();
      return startFaultProxy(behind.endpoint(origin), port);
    };
    let again: Promise<FaultProxy> | undefined;
    world.spoil('a later chunk', (_, response) => {
      response.socket?.resetAndDestroy();
      again ??= restart();
    });
    const { body } = await world.read(path);
    expect(Buffer.compare(body, content)).toBe(0);
    expect(await world.metric('store_retries_total{code="STORE_UNAVAILABLE"}')).toBeGreaterThanOrEqual(1);
    await world.settled();
    await (await again)?.[Symbol.asyncDispose]();
  });

  it('the name leads nowhere for a while: identical bytes', async () => {
    const { lookup } = dns;
    let failures = 0;
    const answers = { known: true };
    const lookUp = (name: string, options: dns.LookupAllOptions, callback: Lookup): void => {
      if (name !== 'origin') return lookup(name, options, callback);
      if (answers.known) return callback(null, localhost);
      failures += 1;
      answers.known = failures === 2;
      return callback(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }), []);
    };
    vi.spyOn(dns, 'lookup').mockImplementation(lookUp as typeof dns.lookup);
    await using proxy = await startFaultProxy(behind.endpoint(origin));
    const endpoint = proxy.endpoint.replace('127.0.0.1', 'origin');
    await using world = await behind.world({ origin });
    await using named = await startTestServer(behind.store(origin, endpoint), patient);
    const path = await world.put();
    answers.known = false;
    // Connections from before know where they lead to.
    proxy.spoil(/./, reset, 2);
    const response = await named.get(path);
    expect(Buffer.compare(Buffer.from(await response.arrayBuffer()), content)).toBe(0);
    expect(failures).toBe(2);
  });

  it("the certificate is nobody's: no start, and a reason", async () => {
    const server = createServer(selfSigned(), (_, response) => response.end());
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const endpoint = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const starting = startTestServer(behind.store(origin, endpoint), patient);
      await expect(starting).rejects.toMatchObject({
        code: origin === 'S3' ? 'STORE_UNAVAILABLE' : 'STORE_REFUSED',
      });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});

type Lookup = (error: Error | null, addresses: dns.LookupAddress[]) => void;
const localhost: dns.LookupAddress[] = [{ address: '127.0.0.1', family: 4 }];

it.each(['the first look', 'a later chunk'] as const)(
  'S3 finds the clock wrong, once, at %s: asked again, which is no retry',
  async (place) => {
    await using world = await behind.world();
    const path = await world.put();
    world.spoil(place, refusal(403, 'RequestTimeTooSkewed'));
    const { body } = await world.read(path);
    expect(Buffer.compare(body, content)).toBe(0);
    expect(await world.metric('store_retries_total{code="STORE_REFUSED"}')).toBe(0);
    await world.settled();
  },
);

it.each([
  ['the first look', 502],
  ['a later chunk', 200],
] as const)('S3 refuses at %s: no retry, and no whole body', async (place, status) => {
  await using world = await behind.world();
  const path = await world.put();
  world.spoil(place, refusal(403, 'AccessDenied'), Infinity);
  const answer = await world.read(path);
  expect(answer.status).toBe(status);
  expect(answer.body.length).toBeLessThan(content.length);
  expect(answer.whole).toBe(status !== 200);
  expect(await world.metric('store_retries_total{code="STORE_REFUSED"}')).toBe(0);
  await world.settled();
});
