/**
 * An S3 bucket for the soak: it holds names of revisions instead of their bytes (content.ts), so gigabytes take no
 * room, what is uploaded is checked as it comes, and one answer in a hundred goes wrong (faults.ts).
 *
 * Run as a program it listens on a free port of loopback and prints `{"url":…}`. Below `/-/` it obeys the soak:
 * `PUT /-/replace?key=…&name=…` replaces an object as another program would, `GET /-/report` tells what happened.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bytesOf, lengthOf } from './content.ts';
import { beforeAnswer, drawFault, faultCounts, insteadOfRest, type FaultCounts } from './faults.ts';
import { Uploads, type Stored } from './uploads.ts';

export interface BucketReport {
  readonly requests: number;
  readonly sentBytes: number;
  readonly uploads: number;
  /** Uploads whose bytes were not those of their revision. */
  readonly wrongUploads: readonly string[];
  readonly faults: FaultCounts;
  /** Answers that were under way, or asked for, while the machine kept this process from going on. */
  readonly heldUp: number;
}

/** Sluice's idle connections end soon after the load, so that its open files can be counted. */
const keepAliveMs = 4000;
const beatMs = 50;
/** So late a beat is when the process was held up: half of the least time that Sluice waits for an answer. */
const heldUpMs = 250;

const objects = new Map<string, Stored>();
const uploads = new Uploads(objects);
let requests = 0;
let sentBytes = 0;
let active = 0;
let heldUp = 0;
let isCatchingUp = false;

/** Counts what waits while this process does not go on: Sluice rightly takes it for a stall. */
function watchOurselves(): void {
  let dueAt = performance.now() + beatMs;
  setInterval(() => {
    const now = performance.now();
    isCatchingUp = now - dueAt > heldUpMs;
    if (isCatchingUp) heldUp += active;
    dueAt = now + beatMs;
  }, beatMs);
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://bucket');
  if (url.pathname.startsWith('/-/')) {
    obey(url, response);
    return;
  }
  requests += 1;
  active += 1;
  response.once('close', () => (active -= 1));
  // It has waited until the beat that was late.
  if (isCatchingUp) heldUp += 1;
  // `/{bucket}/{key}`
  const key = url.pathname.split('/').slice(2).join('/');
  const isBody = request.method === 'GET' && !key.endsWith('.meta') && key !== '';
  const fault = drawFault(isBody ? 'body' : 'head');
  if (!(await beforeAnswer(fault, response))) return;
  if (key === '') response.end('<ListBucketResult/>');
  else if (request.method !== 'GET' && request.method !== 'HEAD')
    await uploads.answer(request, response, key, url.searchParams);
  else
    await read(
      request,
      response,
      objects.get(key),
      fault === 'cut' || fault === 'silent' ? fault : undefined,
    );
}

function obey({ pathname, searchParams }: URL, response: ServerResponse): void {
  if (pathname === '/-/replace')
    objects.set(searchParams.get('key') ?? '', {
      name: searchParams.get('name') ?? '',
      headers: {},
      modifiedAt: new Date(),
    });
  const report: BucketReport = {
    requests,
    sentBytes,
    uploads: uploads.count,
    wrongUploads: uploads.wrong,
    faults: faultCounts(),
    heldUp,
  };
  response.end(JSON.stringify(report));
}

async function read(
  request: IncomingMessage,
  response: ServerResponse,
  stored: Stored | undefined,
  fault: 'cut' | 'silent' | undefined,
): Promise<void> {
  if (!stored) {
    refuse(response, 404, 'NoSuchKey');
    return;
  }
  const etag = `"${stored.name}"`;
  const head = { ...stored.headers, etag, 'last-modified': stored.modifiedAt.toUTCString() };
  const pin = request.headers['if-match'];
  if (pin !== undefined && pin !== etag) {
    refuse(response, 412, 'PreconditionFailed');
    return;
  }
  if (stored.text !== undefined) {
    response.writeHead(200, head).end(stored.text);
    return;
  }
  const length = lengthOf(stored.name);
  const [, first, last = ''] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
  const start = Number(first ?? 0);
  const end = last === '' ? length : Math.min(Number(last) + 1, length);
  if (start >= length) {
    refuse(response, 416, 'InvalidRange');
    return;
  }
  const contentRange = `bytes ${start}-${end - 1}/${length}`;
  response.writeHead(first === undefined ? 200 : 206, {
    ...head,
    'content-length': end - start,
    ...(first === undefined ? {} : { 'content-range': contentRange }),
  });
  if (request.method === 'HEAD') response.end();
  else await send(response, stored.name, start, end, fault);
}

async function send(
  response: ServerResponse,
  name: string,
  start: number,
  end: number,
  fault: 'cut' | 'silent' | undefined,
): Promise<void> {
  const goodEnd = fault ? start + Math.floor(Math.random() * (end - start)) : end;
  for (const piece of bytesOf(name, start, goodEnd)) {
    if (response.destroyed) return;
    await new Promise((resolve) => response.write(piece, resolve));
    sentBytes += piece.length;
  }
  if (fault) await insteadOfRest(fault, response);
  else response.end();
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response
    .writeHead(status, { 'content-type': 'application/xml' })
    .end(`<Error><Code>${code}</Code></Error>`);
}

if (import.meta.main) {
  const server = createServer((request, response) => void answer(request, response));
  server.keepAliveTimeout = keepAliveMs;
  watchOurselves();
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    console.log(JSON.stringify({ url: `http://127.0.0.1:${port}` }));
  });
}
