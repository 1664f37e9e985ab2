import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Alert } from '#shared/alert-model.ts';
import { signatureOf, Webhook } from './webhook.ts';

interface Received {
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

const alert = (id: string): Alert => ({
  id,
  rule: 'loop-delay',
  state: 'firing',
  at: 1,
  value: 600,
  threshold: 500,
  text: 'late',
});

let listener: Server;
let origin = '';
let received: Received[] = [];
/** Answers, in turn; the last one stays. */
let answers: number[] = [];

beforeEach(async () => {
  received = [];
  answers = [200];
  listener = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      received.push({
        url: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(pieces).toString(),
      });
      const status = answers.length > 1 ? answers.shift() : answers[0];
      response.writeHead(status ?? 200, { location: '/elsewhere' }).end();
    });
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  origin = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
});
afterEach(() => listener.close());

function webhook(backoffMs: readonly number[]): { readonly hook: Webhook; readonly troubles: string[] } {
  const troubles: string[] = [];
  const hook = new Webhook({
    url: `${origin}/hook?key=abc`,
    secret: 'shh',
    server: () => ({ url: 'http://sluice', version: '1' }),
    onTrouble: (message) => troubles.push(message),
    backoffMs,
  });
  return { hook, troubles };
}

describe('Webhook', () => {
  it('sends an alert as JSON, with a signature that only the secret makes', async () => {
    const { hook } = webhook([1]);
    hook.send(alert('a'));
    await expect.poll(() => hook.state.sent).toBe(1);
    const [{ url, headers, body } = { url: '', headers: {}, body: '' }] = received;
    expect(url).toBe('/hook?key=abc');
    expect(JSON.parse(body)).toEqual({
      event: 'alert.firing',
      alert: alert('a'),
      server: { url: 'http://sluice', version: '1' },
    });
    const timestamp = String(headers['x-sluice-timestamp']);
    expect(headers['x-sluice-signature']).toBe(signatureOf('shh', timestamp, body));
    expect(headers['x-sluice-signature']).not.toBe(signatureOf('other', timestamp, body));
    expect(hook.state).toMatchObject({ origin, isSigned: true });
    expect(JSON.stringify(hook.state)).not.toContain('abc');
  });

  it('tries three times more, with the same name, and goes on with the next when that is no use', async () => {
    const { hook, troubles } = webhook([1, 1, 1]);
    answers = [500, 503, 500, 502, 204];
    hook.send(alert('a'));
    hook.send(alert('b'));
    await expect.poll(() => hook.state.sent).toBe(1);
    expect(received.map(({ headers }) => headers['x-sluice-delivery'])).toEqual([
      'a.firing',
      'a.firing',
      'a.firing',
      'a.firing',
      'b.firing',
    ]);
    expect(hook.state).toMatchObject({ failed: 1, waiting: 0 });
    expect(troubles).toEqual(['an alert did not reach the webhook (it answered 502)']);
  });

  it('follows no redirect', async () => {
    const { hook } = webhook([]);
    answers = [307];
    hook.send(alert('a'));
    await expect.poll(() => hook.state.failed).toBe(1);
    expect(received.map(({ url }) => url)).toEqual(['/hook?key=abc']);
  });

  it('lets 50 wait, and gives up the oldest', async () => {
    const { hook } = webhook([60_000]);
    answers = [500];
    for (let at = 0; at < 60; at += 1) hook.send(alert(String(at)));
    expect(hook.state).toMatchObject({ waiting: 50, failed: 9 });
    hook[Symbol.dispose]();
  });
});
