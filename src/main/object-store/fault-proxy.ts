/** For tests: stands in front of an S3 server and spoils chosen answers, as networks and servers do. */
import { once } from 'node:events';
import { createServer, request as send } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the server behind has answered. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Sends something else, or nothing, instead of the answer. */
export type Fault = (answer: Answer, response: ServerResponse) => void;

export interface FaultProxy extends AsyncDisposable {
  readonly endpoint: string;
  /** `METHOD path?query` of each request so far. */
  readonly requests: readonly string[];
  /** How many connections have ended. */
  readonly closedConnections: number;
  /** Spoils the answers to the next `times` requests that match; they reach the server behind all the same. */
  spoil(pattern: RegExp, fault: Fault, times: number): void;
}

/** Starts a proxy on a free loopback port. */
export async function startFaultProxy(upstream: string): Promise<FaultProxy> {
  const requests: string[] = [];
  const spoilers: { readonly pattern: RegExp; readonly fault: Fault; times: number }[] = [];
  let closedConnections = 0;
  const server = createServer((request, response) => {
    const line = `${request.method} ${request.url}`;
    requests.push(line);
    const spoiler = spoilers.find(({ pattern, times }) => times > 0 && pattern.test(line));
    if (spoiler) spoiler.times -= 1;
    forward(upstream, request).then(
      (answer) => (spoiler?.fault ?? honest)(answer, response),
      (error: unknown) => response.destroy(error instanceof Error ? error : undefined),
    );
  });
  server.on('connection', (socket) => socket.once('close', () => (closedConnections += 1)));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    get closedConnections() {
      return closedConnections;
    },
    spoil: (pattern, fault, times) => void spoilers.push({ pattern, fault, times }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function forward(upstream: string, request: IncomingMessage): Promise<Answer> {
  const options = { method: request.method, headers: request.headers };
  const forwarded = send(new URL(request.url ?? '/', upstream), options);
  request.pipe(forwarded);
  const [answer] = (await once(forwarded, 'response')) as [IncomingMessage];
  const body = Buffer.concat(await answer.toArray());
  return { status: answer.statusCode ?? 0, headers: answer.headers, body };
}

function honest({ status, headers, body }: Answer, response: ServerResponse): void {
  response.writeHead(status, headers).end(body);
}

/** An honest answer with some of it changed. */
export function changed(change: (answer: Answer) => Partial<Answer>): Fault {
  return (answer, response) => honest({ ...answer, ...change(answer) }, response);
}

/** Without Content-Length the body is chunked, and its end is where it ends. */
export function chunked(change: (body: Buffer) => Buffer): Fault {
  return changed(({ headers, body }) => {
    const { 'content-length': _, ...others } = headers;
    return { headers: others, body: change(body) };
  });
}

/** An error answer as S3 gives it. */
export function refusal(status: number, code: string): Fault {
  return (_, response) => {
    response.writeHead(status, { 'content-type': 'application/xml' });
    response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`);
  };
}

export const reset: Fault = (_, response) => void response.socket?.resetAndDestroy();

export const stalled: Fault = () => undefined;

/** The head and half of the body; then nothing, or the end of the connection. */
export function half(then: (response: ServerResponse) => void): Fault {
  return ({ status, headers, body }, response) => {
    response.writeHead(status, headers);
    response.write(body.subarray(0, body.length / 2), () => then(response));
  };
}
