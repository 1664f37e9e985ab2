/**
 * Asks this server once more, over the network like any client, so that the answer is the one that a client would get.
 * The way is always to ourselves, whatever the path says; only what can be read is asked for.
 */
import { randomUUID } from 'node:crypto';
import { request as send, type IncomingMessage } from 'node:http';
import { maxReplayBytes, type Replay, type ReplayInput } from '#shared/contract/requests.ts';
import { SluiceError } from '#shared/errors.ts';
import type { RequestDetail } from '#shared/request-model.ts';
import { GiB } from '#shared/units.ts';
import { pairs } from '#main/telemetry/request-details.ts';
import { redacted } from '#shared/redact.ts';
import type { RequestLog } from '#main/telemetry/request-log.ts';

export interface ReplaySources {
  readonly requests: RequestLog;
  /** Where the server listens; asked each time, because it is known only then. */
  readonly url: () => URL;
  /** What this process shows itself where tokens are required. */
  readonly ownToken?: string | undefined;
}

/** What a replay is known by in the log. */
const marker = 'Sluice-Replay';
const maxReplays = 4;
/** Whatever takes longer, or has more, is left, and said to be incomplete. */
const maxMilliseconds = 30_000;
const maxBodyBytes = GiB;
/** The row comes when the server's side has closed; that may be a moment after ours. */
const rowMilliseconds = 1000;

/** Fields that say how the message is sent; a replay is sent anew. */
const framing = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [string, string])[];
}

export class Replays {
  readonly #sources: ReplaySources;
  #running = 0;

  constructor(sources: ReplaySources) {
    this.#sources = sources;
  }

  /** @throws SluiceError INVALID_INPUT, NOT_FOUND, BUSY, STORE_UNAVAILABLE */
  async replay(input: ReplayInput, signal: AbortSignal): Promise<Replay> {
    const asked = 'seq' in input ? this.#asBefore(input.seq) : checked(input.request);
    if (this.#running >= maxReplays)
      throw new SluiceError('BUSY', `${maxReplays} replays are under way: try again when one has ended`);
    this.#running += 1;
    try {
      return await this.#ask(asked, signal);
    } finally {
      this.#running -= 1;
    }
  }

  /** The request as it came, without what belongs to its connection, and without what was redacted. */
  #asBefore(seq: number): Asked {
    const { row, url, requestHeaders } = detailOf(this.#sources.requests, seq);
    if (row.method !== 'GET' && row.method !== 'HEAD')
      throw new SluiceError(
        'INVALID_INPUT',
        `${row.method} can change something: only GET and HEAD are replayed`,
      );
    const headers = requestHeaders.filter(
      ([name, value]) => !framing.has(name.toLowerCase()) && name !== marker && !value.includes(redacted),
    );
    return { method: row.method, path: url, headers };
  }

  async #ask({ method, path, headers }: Asked, signal: AbortSignal): Promise<Replay> {
    const { requests, url, ownToken } = this.#sources;
    const { hostname, port, host } = url();
    const id = randomUUID();
    using row = watchFor(requests, id);
    const brings = headers.some(([name]) => name.toLowerCase() === 'authorization');
    const shown = ownToken === undefined || brings ? [] : [['Authorization', `Bearer ${ownToken}`]];
    const fields = [['Host', host], ...headers, ...shown, [marker, id]].flat();
    const startedAt = performance.now();
    const request = send({
      hostname: hostname.replaceAll(/[[\]]/g, ''),
      port,
      method,
      path,
      headers: fields,
      agent: false,
      setDefaultHeaders: false,
      signal: AbortSignal.any([signal, AbortSignal.timeout(maxMilliseconds)]),
    });
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      request.once('response', resolve);
      request.on('error', reject);
    });
    request.end();
    try {
      const response = await answered.catch((error: unknown) => {
        throw new SluiceError(
          'STORE_UNAVAILABLE',
          `the replay got no answer within ${maxMilliseconds / 1000} s`,
          {
            cause: error,
          },
        );
      });
      const headMs = performance.now() - startedAt;
      const body = await read(response);
      const durationMs = performance.now() - startedAt;
      request.destroy();
      const seq = await within(row.seq, rowMilliseconds);
      return {
        ...(seq === undefined ? {} : { seq }),
        status: response.statusCode ?? 0,
        headers: pairs(response.rawHeaders),
        headMs,
        durationMs,
        ...body,
      };
    } finally {
      request.destroy();
    }
  }
}

/** The detail of a request. @throws SluiceError NOT_FOUND in a sentence that says why */
export function detailOf(requests: RequestLog, seq: number): RequestDetail {
  const detail = requests.detail(seq);
  if (detail) return detail;
  const what = requests.row(seq) ? 'the details of request' : 'request';
  throw new SluiceError('NOT_FOUND', `${what} ${seq} left: only those of the newest requests are kept`);
}

function checked({ method, path, headers }: Extract<ReplayInput, { request: unknown }>['request']): Asked {
  if (!/^\/(?:git|api)\/[\x21-\x7e]*$/.test(path) || path.includes('#'))
    throw new SluiceError(
      'INVALID_INPUT',
      `the path ${JSON.stringify(path.slice(0, 200))} is not replayed: allowed are paths of this server below /git/ and /api/`,
    );
  for (const [name, value] of headers) {
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) || !/^[\t\x20-\x7e\x80-\xff]*$/.test(value))
      throw new SluiceError(
        'INVALID_INPUT',
        `the field ${JSON.stringify(name)} cannot be sent: it is malformed`,
      );
    if (framing.has(name.toLowerCase()))
      throw new SluiceError('INVALID_INPUT', `the field ${name} belongs to the connection: leave it out`);
  }
  return { method, path, headers };
}

interface ReadBody {
  readonly bodyBytes: number;
  readonly bodyStart: string;
  readonly complete: boolean;
}

async function read(response: IncomingMessage): Promise<ReadBody> {
  const start: Buffer[] = [];
  let kept = 0;
  let bodyBytes = 0;
  try {
    for await (const bytes of response as AsyncIterable<Buffer>) {
      if (kept < maxReplayBytes) start.push(Buffer.from(bytes.subarray(0, maxReplayBytes - kept)));
      kept = Math.min(maxReplayBytes, kept + bytes.length);
      bodyBytes += bytes.length;
      if (bodyBytes > maxBodyBytes) break;
    }
  } catch {
    // What came until then is the answer: a broken connection is what there is to show.
  }
  return { bodyBytes, bodyStart: Buffer.concat(start).toString('base64'), complete: response.complete };
}

/** The row that a replay makes in the log. */
function watchFor(requests: RequestLog, id: string): Disposable & { readonly seq: Promise<number> } {
  let watch: Disposable | undefined;
  const seq = new Promise<number>((resolve) => {
    watch = requests.watch((row, detail) => {
      const at = detail?.requestFields.indexOf(marker) ?? -1;
      if (at >= 0 && detail?.requestFields[at + 1] === id) resolve(row.seq);
    });
  });
  return { seq, [Symbol.dispose]: () => watch?.[Symbol.dispose]() };
}

/** `undefined` when it does not come in time. */
async function within<T>(wanted: Promise<T>, milliseconds: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
  });
  try {
    return await Promise.race([wanted, late]);
  } finally {
    clearTimeout(timer);
  }
}
