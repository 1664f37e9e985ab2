/**
 * An S3 bucket at the end of a shaped line: every name is an object of one length; answers begin after a while, a
 * few of them late; bytes come at a rate of each connection and of all together. Which answers are late follows from
 * their number alone, in no step with any pattern of requests, so that every run meets the same.
 *
 * Run as a program with its shape as JSON it listens on a free port of loopback and prints `{"url":…}`; `/-/counts`
 * gives what it was asked for.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { MiB } from '#shared/units.ts';
import { startServer, type Server } from '../processes.ts';

export interface Shape {
  readonly objectBytes: number;
  readonly firstByteMs: number;
  readonly late?: { readonly share: number; readonly milliseconds: number };
  readonly bytesPerSecond?: { readonly ofConnection: number; readonly inAll?: number };
}

export interface Counts {
  readonly requests: number;
}

/** The program, started. */
export function startShapedOrigin(shape: Shape): Promise<Server> {
  return startServer(process.execPath, [import.meta.filename, JSON.stringify(shape)]);
}

export async function countsOf({ url }: Server): Promise<Counts> {
  return (await (await fetch(`${url}/-/counts`)).json()) as Counts;
}

const block = randomBytes(MiB);
const tickMs = 4;
/** What a rate may save up while nobody could be given anything. */
const savedMs = 20;

/** A rate as a bucket that fills. */
class Allowance {
  readonly #bytesPerMs: number;
  #bytes = 0;
  #at = performance.now();

  constructor(bytesPerSecond: number) {
    this.#bytesPerMs = bytesPerSecond / 1000;
  }

  get bytes(): number {
    const now = performance.now();
    this.#bytes = Math.min(this.#bytes + (now - this.#at) * this.#bytesPerMs, savedMs * this.#bytesPerMs);
    this.#at = now;
    return this.#bytes;
  }

  take(bytes: number): void {
    this.#bytes -= bytes;
  }
}

/** One body under way. */
interface Sending {
  readonly response: ServerResponse;
  readonly allowance: Allowance;
  at: number;
  readonly end: number;
}

class Line {
  readonly #shape: Shape;
  readonly #inAll: Allowance;
  readonly #sending = new Set<Sending>();

  constructor(shape: Shape) {
    this.#shape = shape;
    this.#inAll = new Allowance(shape.bytesPerSecond?.inAll ?? Number.MAX_SAFE_INTEGER);
    setInterval(() => this.#tick(), tickMs);
  }

  send(response: ServerResponse, start: number, end: number): void {
    const rate = this.#shape.bytesPerSecond?.ofConnection ?? Number.MAX_SAFE_INTEGER;
    // A connection sends one body at a time.
    const sending = { response, allowance: new Allowance(rate), at: start, end };
    this.#sending.add(sending);
    response.once('close', () => this.#sending.delete(sending));
    // Without a rate the socket sets the pace.
    if (!this.#shape.bytesPerSecond) response.on('drain', () => this.#advance(sending, MiB));
    this.#advance(sending, MiB);
  }

  #tick(): void {
    const share = this.#inAll.bytes / this.#sending.size;
    for (const sending of this.#sending) this.#advance(sending, share);
  }

  #advance(sending: Sending, share: number): void {
    const { response, allowance } = sending;
    if (response.writableNeedDrain || sending.at === sending.end) return;
    const offset = sending.at % block.length;
    const allowed = Math.min(share, this.#inAll.bytes, allowance.bytes);
    const length = Math.floor(Math.min(allowed, sending.end - sending.at, block.length - offset));
    if (length < 1) return;
    this.#inAll.take(length);
    allowance.take(length);
    sending.at += length;
    const bytes = block.subarray(offset, offset + length);
    if (sending.at === sending.end) response.end(bytes);
    else response.write(bytes);
  }
}

/** Whether answer number `index` is late: the multiples of the golden ratio are spread evenly, and never in step. */
function isLate(index: number, share: number): boolean {
  return (index * 0.618_033_988_749_895) % 1 < share;
}

async function serve(shape: Shape): Promise<void> {
  const line = new Line(shape);
  let requests = 0;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    if (path === '/-/counts') {
      response.end(JSON.stringify({ requests } satisfies Counts));
      return;
    }
    requests += 1;
    const late = shape.late !== undefined && isLate(requests, shape.late.share);
    await sleep(late ? shape.late.milliseconds : shape.firstByteMs);
    if (response.destroyed) return;
    answerObject(request, response, path, shape.objectBytes, line);
  };
  const server = createServer((request, response) => void answer(request, response));
  server.keepAliveTimeout = 120_000;
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    console.log(JSON.stringify({ url: `http://127.0.0.1:${port}` }));
  });
}

function answerObject(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  objectBytes: number,
  line: Line,
): void {
  const key = path.split('/').slice(2).join('/');
  if (key === '' || key.endsWith('.meta')) {
    response.writeHead(key === '' ? 200 : 404).end();
    return;
  }
  const etag = `"${createHash('md5').update(key).digest('hex')}"`;
  const head = { etag, 'last-modified': new Date(0).toUTCString(), 'accept-ranges': 'bytes' };
  const [, first = '0', last = ''] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
  const start = Number(first);
  const end = last === '' ? objectBytes : Math.min(Number(last) + 1, objectBytes);
  response.writeHead(request.headers.range === undefined ? 200 : 206, {
    ...head,
    'content-length': end - start,
    'content-range': `bytes ${start}-${end - 1}/${objectBytes}`,
  });
  if (request.method === 'HEAD') response.end();
  else line.send(response, start, end);
}

if (import.meta.main) await serve(JSON.parse(process.argv[2] ?? '{}') as Shape);
