/** For tests: a small real server with byte ranges and ETags, whose answers a test may replace. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DescribingFields } from './http-origin-head.ts';

interface OriginFile {
  readonly bytes: Uint8Array;
  /** As it is sent; `undefined`: none. */
  readonly etag: string | undefined;
  readonly fields?: Readonly<Record<string, string>>;
}

export type Answering = (request: IncomingMessage, response: ServerResponse) => void;

export interface OriginServer extends AsyncDisposable {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** By path. */
  readonly files: Map<string, OriginFile>;
  /** `METHOD path` of each request so far, with its Range. */
  readonly requests: string[];
  /** Answers instead of the files; `undefined`: they do. */
  answering: ((request: IncomingMessage) => Answering | undefined) | undefined;
}

/** Keeps what these tests look at. */
export const describing: DescribingFields = ({
  'content-type': type,
  'x-cachew-snapshot-commit': commit,
}) => ({
  ...(type && { 'content-type': type }),
  ...(commit && { 'x-cachew-snapshot-commit': commit }),
});

export async function startOrigin(): Promise<OriginServer> {
  const files = new Map<string, OriginFile>();
  const requests: string[] = [];
  const origin = { files, requests, answering: undefined as OriginServer['answering'] };
  const server = createServer((request, response) => {
    const { method, url = '', headers } = request;
    requests.push([method, url, headers.range].filter((part) => part !== undefined).join(' '));
    const answer =
      origin.answering?.(request) ?? ((_, response) => answerFile(files.get(url), request, response));
    answer(request, response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return Object.assign(origin, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

function answerFile(
  file: OriginFile | undefined,
  { headers, method }: IncomingMessage,
  response: ServerResponse,
): void {
  if (!file) return void response.writeHead(404, { 'content-type': 'text/html' }).end('<p>Not here</p>');
  const { bytes, etag, fields } = file;
  const common = { 'accept-ranges': 'bytes', ...(etag !== undefined && { etag }), ...fields };
  if (headers['if-match'] !== undefined && headers['if-match'] !== etag)
    return void response.writeHead(412, common).end();
  const asked = method === 'GET' ? /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') : null;
  if (!asked) {
    response.writeHead(200, { ...common, 'content-length': bytes.length }).end(bytes);
    return;
  }
  const [start, end] = [Number(asked[1]), Math.min(Number(asked[2]) + 1, bytes.length)];
  if (start >= bytes.length) {
    response.writeHead(416, { ...common, 'content-range': `bytes */${bytes.length}` }).end();
    return;
  }
  const range = {
    'content-range': `bytes ${start}-${end - 1}/${bytes.length}`,
    'content-length': end - start,
  };
  response.writeHead(206, { ...common, ...range }).end(bytes.subarray(start, end));
}
