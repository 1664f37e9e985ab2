/** For tests: stands in front of a server and spoils chosen answers, as networks and servers do. */
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

/** Picks requests by `METHOD path?query`, and by their fields. */
type Picks = (line: string, fields: IncomingHttpHeaders) => boolean;

export interface FaultProxy extends AsyncDisposable {
  readonly endpoint: string;
  /** `METHOD path?query` of each request so far. */
  readonly requests: readonly string[];
  /** The header fields of each. */
  readonly heads: readonly IncomingHttpHeaders[];
  /** How many connections have ended: idle ones of an earlier request, too, where the machine was busy for long. */
  readonly closedConnections: number;
  /** Spoils the answers to the next `times` requests that match; they reach the server behind all the same. */
  spoil(pattern: RegExp | Picks, fault: Fault, times: number): void;
  /** Spoils nothing any more. */
  heal(): void;
}

/** Starts a proxy on loopback, on a free port unless one is given. */
export async function startFaultProxy(upstream: string, port = 0): Promise<FaultProxy> {
  const requests: string[] = [];
  const heads: IncomingHttpHeaders[] = [];
  const spoilers: { readonly picks: Picks; readonly fault: Fault; times: number }[] = [];
  let closedConnections = 0;
  const server = createServer((request, response) => {
    const line = `${request.method} ${request.url}`;
    requests.push(line);
    heads.push(request.headers);
    const spoiler = spoilers.find(({ picks, times }) => times > 0 && picks(line, request.headers));
    if (spoiler) spoiler.times -= 1;
    forward(upstream, request).then(
      (answer) => (spoiler?.fault ?? honest)(answer, response),
      (error: unknown) => response.destroy(error instanceof Error ? error : undefined),
    );
  });
  // Where a test stands still for long, idle connections outlast it: a retry for one that is gone would be counted.
  server.keepAliveTimeout = 60_000;
  server.on('connection', (socket) => socket.once('close', () => (closedConnections += 1)));
  await once(server.listen(port, '127.0.0.1'), 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    heads,
    get closedConnections() {
      return closedConnections;
    },
    spoil: (pattern, fault, times) => {
      const picks: Picks = pattern instanceof RegExp ? (line) => pattern.test(line) : pattern;
      spoilers.push({ picks, fault, times });
    },
    heal: () => void spoilers.splice(0),
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

/** As the server behind has answered. */
export const honest: Fault = ({ status, headers, body }, response) =>
  void response.writeHead(status, headers).end(body);

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

/** An honest answer with a field changed, or left out. */
export function withField(name: string, value: string | undefined): Fault {
  return changed(({ headers }) => {
    const { [name]: _, ...others } = headers;
    return { headers: value === undefined ? others : { ...others, [name]: value } };
  });
}

/** An error answer as S3 gives it. */
export function refusal(status: number, code: string, fields: Readonly<Record<string, string>> = {}): Fault {
  return (_, response) => {
    response.writeHead(status, { 'content-type': 'application/xml', ...fields });
    response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`);
  };
}

export const reset: Fault = (_, response) => void response.socket?.resetAndDestroy();

export const stalled: Fault = () => undefined;

/** An honest answer with one bit of its body turned. */
export function flipped(bitOf: (bodyBytes: number) => number): Fault {
  return changed(({ body }) => {
    const bit = bitOf(body.length);
    const wrong = Buffer.from(body);
    wrong.writeUInt8((wrong[bit >> 3] ?? 0) ^ (1 << (bit & 7)), bit >> 3);
    return { body: wrong };
  });
}

/** The head and half of the body; then nothing, or the end of the connection. */
export function half(then: Ending): Fault {
  return after((bytes) => bytes / 2, then);
}

/** What becomes of a connection whose answer is not over. */
export type Ending = (response: ServerResponse) => void;

/** How an answer is left unfinished: by a reset, by the end of the connection, or by saying nothing more. */
export const endings = {
  RST: (response) => void response.socket?.resetAndDestroy(),
  FIN: (response) => void response.socket?.end(),
  silence: () => undefined,
} as const satisfies Readonly<Record<string, Ending>>;

/** The head and so many bytes of the body; then this. */
export function after(bytesOf: (bodyBytes: number) => number, then: Ending): Fault {
  return ({ status, headers, body }, response) => {
    response.writeHead(status, headers).flushHeaders();
    // With no byte of the body the head alone goes out, and its end is told all the same.
    response.socket?.write('', () => {
      const bytes = Math.floor(bytesOf(body.length));
      if (bytes === 0) then(response);
      else response.write(body.subarray(0, bytes), () => then(response));
    });
  };
}

/** The body a little at a time, 50 times a second. */
export function trickled(bytesPerSecond: number): Fault {
  return ({ status, headers, body }, response) => {
    const step = Math.ceil(bytesPerSecond / 50);
    let sent = 0;
    response.writeHead(status, headers);
    const timer = setInterval(() => {
      response.write(body.subarray(sent, sent + step));
      sent += step;
      if (sent >= body.length) response.end();
    }, 20);
    response.once('close', () => clearInterval(timer));
  };
}

/** The same, later. */
export function delayed(milliseconds: number, fault: Fault = honest): Fault {
  return (...answer) => void setTimeout(() => fault(...answer), milliseconds);
}

/** An honest answer with these interim answers before it, and its head one byte at a time. */
export function inPieces(interim: readonly string[]): Fault {
  return ({ status, headers, body }, response) => {
    const { socket } = response;
    const lines = Object.entries({ ...headers, connection: 'close' }).map(
      ([name, value]) => `${name}: ${String(value)}`,
    );
    const head = [`HTTP/1.1 ${status} as told`, ...lines, '', ''].join('\r\n');
    const bytes = Buffer.from([...interim, head].join(''), 'latin1');
    let sent = 0;
    const next = (): void => {
      sent += 1;
      if (sent <= bytes.length) socket?.write(bytes.subarray(sent - 1, sent), () => setImmediate(next));
      else socket?.end(body);
    };
    next();
  };
}
