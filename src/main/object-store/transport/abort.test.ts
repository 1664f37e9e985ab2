/** After an abort, at whatever moment, the connection is gone and the caller's memory is the caller's again. */
import { randomBytes } from 'node:crypto';
import { getEventListeners } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ConnectionPool } from './connection-pool.ts';
import { partial, startScriptedServer } from './scripted-server.ts';
import type { ScriptedServer } from './scripted-server.ts';
import { selfSigned } from './self-signed.ts';
import type { Certificate } from './self-signed.ts';

const body = randomBytes(600_000);
/** All but the last byte, so that it never ends. */
const endless = partial(body).subarray(0, -1);
const nothing = () => undefined;

let certificate: Certificate;
beforeAll(() => {
  certificate = selfSigned();
});

describe.each([
  ['TCP', false],
  ['TLS', true],
])('an abort, over %s', (_, secure) => {
  let server: ScriptedServer;
  let pool: ConnectionPool;
  beforeEach(async () => {
    server = await startScriptedServer((socket) => socket.write(endless), secure ? certificate : undefined);
    pool = new ConnectionPool({ trust: { ca: certificate.cert } });
  });
  afterEach(async () => {
    pool.destroy();
    await server[Symbol.asyncDispose]();
  });

  const exchange = (signal: AbortSignal) =>
    pool.exchange({ secure, host: '127.0.0.1', port: server.port }, 'GET / HTTP/1.1\r\n\r\n', signal);

  /** Reads until the abort, and then looks whether anything has changed since it, or was told. */
  async function read(
    onBytes: (abort: () => void, bytes: number) => unknown,
    controller = new AbortController(),
  ) {
    const into = new Uint8Array(body.length);
    let atAbort: Buffer | undefined;
    let toldAfter = 0;
    // After the listener that ends the connection.
    const watch = () =>
      controller.signal.addEventListener('abort', () => (atAbort = Buffer.from(into)), { once: true });
    const abort = () => controller.abort();
    const tell = (bytes: number) => {
      if (controller.signal.aborted) toldAfter += 1;
      else onBytes(abort, bytes);
    };
    const exchanged = exchange(controller.signal);
    watch();
    const error: unknown = await exchanged
      .then(({ body }) => body.readInto(into, tell))
      .catch((error: unknown) => error);
    for (let round = 0; round < 20; round += 1) await turn();
    await expect.poll(() => server.open).toBe(0);
    const writes = atAbort && Buffer.compare(into, atAbort) === 0 ? 'none' : 'some';
    return { error, writes, toldAfter, listeners: getEventListeners(controller.signal, 'abort').length };
  }
  const ended = {
    error: expect.objectContaining({ code: 'ABORTED' }),
    writes: 'none',
    toldAfter: 0,
    listeners: 0,
  };

  it('before anything sends nothing', async () => {
    await expect(exchange(AbortSignal.abort())).rejects.toMatchObject({ code: 'ABORTED' });
    expect(server.accepted).toBe(0);
  });

  it('while connecting ends at once', async () => {
    const controller = new AbortController();
    const reading = read(nothing, controller);
    controller.abort();
    expect(await reading).toEqual(ended);
  });

  it.each([
    ['before the answer', 0],
    ['within the head', 9],
    ['within the body', 150_000],
  ])('%s ends at once', async (_, bytes) => {
    const controller = new AbortController();
    server.script = (socket) =>
      socket.write(endless.subarray(0, bytes), () => setTimeout(() => controller.abort(), 5));
    expect(await read(nothing, controller)).toEqual(ended);
  });

  it('between head and body ends at once', async () => {
    const controller = new AbortController();
    const { body: answer } = await exchange(controller.signal);
    controller.abort();
    expect(answer.destroyed).toBe(true);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    const reading = answer.readInto(new Uint8Array(body.length), nothing);
    await expect(reading).rejects.toMatchObject({ code: 'ABORTED' });
    await expect.poll(() => server.open).toBe(0);
  });

  // Over TLS, at some of these points more has been received and deciphered than given out.
  it.each([1, 20_000, 40_000, 60_000, 80_000, 500_000])('after %d bytes ends all writing', async (limit) => {
    const soons = [(act: () => void) => act(), queueMicrotask, (act: () => void) => process.nextTick(act)];
    for (const soon of soons) {
      let told = 0;
      const outcome = await read((abort, bytes) => {
        if (told < limit && told + bytes >= limit) soon(abort);
        told += bytes;
      });
      expect(outcome).toEqual(ended);
    }
  });

  it('between head and body ends an answer that the other side has ended', async () => {
    server.script = (socket) => socket.end(partial(body.subarray(0, 1000)));
    const controller = new AbortController();
    const { body: answer } = await exchange(controller.signal);
    for (let round = 0; round < 20; round += 1) await turn();
    controller.abort();
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    const reading = answer.readInto(new Uint8Array(1000), nothing);
    await expect(reading).rejects.toMatchObject({ code: 'ABORTED' });
  });

  it('after the last byte changes nothing', async () => {
    server.script = (socket) => socket.write(partial(body));
    const controller = new AbortController();
    for (const signal of [controller.signal, new AbortController().signal]) {
      const answer = await exchange(signal);
      await answer.body.readInto(new Uint8Array(body.length), nothing);
      controller.abort();
    }
    expect(server.accepted).toBe(1);
  });
});
