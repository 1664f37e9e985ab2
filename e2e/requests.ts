/** Requests of every sort: what a day brings, in a second. */
import { once } from 'node:events';
import { type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import type { PublishedObject } from './clients.ts';

/** Asks, reads the answer to its end, and gives its fields. */
export async function ask(
  url: string,
  headers: OutgoingHttpHeaders = {},
  method = 'GET',
): Promise<IncomingMessage['headers']> {
  const asking = request(url, { agent: false, headers, method });
  asking.end();
  const [response] = (await once(asking, 'response')) as [IncomingMessage];
  response.resume();
  await once(response, 'close');
  return response.headers;
}

/** Asks for parts of `object`, rightly, wrongly and conditionally: 206, 200, 304, 404, 412 and 416. */
export async function variousRequests({ url, bytes }: PublishedObject): Promise<void> {
  const { length } = bytes;
  const { etag = '' } = await ask(url, { range: 'bytes=0-99' });
  await ask(url, { range: `bytes=${Math.floor(length / 2)}-` });
  await ask(url, { range: 'bytes=-4096' });
  await ask(url, { range: 'bytes=0-1023,1048576-1050623' });
  await ask(url, { range: `bytes=${length}-` });
  await ask(url, { range: 'bytes=100-199', 'if-range': etag });
  await ask(url, { range: 'bytes=100-199', 'if-range': '"another"' });
  await ask(url, { 'if-match': '"another"' });
  await ask(url, { 'if-none-match': etag });
  await ask(url, { range: 'bytes=0-0', authorization: 'Bearer something' });
  await ask(url, {}, 'HEAD');
  await ask(`${url}-missing`);
}

/** A client that goes away in the middle of the answer. */
export async function leavingClient(url: string): Promise<void> {
  const asking = request(url, { agent: false });
  asking.on('error', () => undefined);
  asking.end();
  await once(asking, 'response');
  asking.destroy();
}
