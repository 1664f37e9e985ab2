/**
 * One request and what became of it: the signal that ends its work when the client goes, and what the request log
 * keeps of it. That is written when the response has closed, whatever path it took there.
 */
import type { ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { safeUrl, withoutSecrets } from '#shared/redact.ts';
import type { KeptDetail } from '#main/telemetry/request-details.ts';
import type { RequestLog } from '#main/telemetry/request-log.ts';
import type { Uses } from '#main/transfer/uses.ts';
import { SluiceError } from '#shared/errors.ts';
import { combined } from '#shared/http/conditions.ts';
import { rangeKindOf } from '#shared/http/verdicts.ts';
import type { RequestDetail, RequestRow } from '#shared/request-model.ts';
import type { FailedCondition, IfRangeVerdict } from '#shared/vocabulary/requests.ts';

/** Made once: an abort without a reason makes a DOMException with a stack for each request. */
const clientGone = new SluiceError('ABORTED', 'the client closed the connection');

/** What the fields of the request came to, on the representation that was current. */
interface Decided {
  readonly spans: [number, number][];
  readonly ifRange: IfRangeVerdict | undefined;
  readonly condition: FailedCondition | undefined;
  readonly representation: NonNullable<RequestDetail['representation']>;
}

/** Steps before the first byte whose time is told. */
type Step = 'lookup' | 'admission';

export class Exchange {
  readonly client: string;
  /** What was asked for, as the console names it. */
  target: string;
  /** What the transfer of the body told of its chunks. */
  uses: Uses | undefined;
  sentBytes = 0;
  #decided: Decided | undefined;
  #lookupMs: number | undefined;
  #admissionMs: number | undefined;
  #firstByteAt: number | undefined;
  readonly #request: FastifyRequest;
  readonly #response: ServerResponse;
  readonly #startedAt = performance.now();
  readonly #at = Date.now();
  readonly #gone = new AbortController();

  constructor(request: FastifyRequest, reply: FastifyReply, log: RequestLog) {
    this.client = request.ip;
    this.target = safeUrl(request.url);
    this.#request = request;
    this.#response = reply.raw;
    reply.raw.once('close', () => {
      this.#gone.abort(clientGone);
      const detail = this.#detail();
      log.add(this.#row(detail), detail);
    });
  }

  /** Aborted when the response has closed, which it does when the client goes. */
  get signal(): AbortSignal {
    return this.#gone.signal;
  }

  sent(bytes: number): void {
    this.#firstByteAt ??= performance.now();
    this.sentBytes += bytes;
  }

  /** The answer is decided; again, when the revision turned out to be gone. */
  decided(decided: Decided): void {
    this.#decided = decided;
  }

  /** Waits for one of the steps, and adds its time to what was waited for it before. */
  async timed<T>(step: Step, work: Promise<T>): Promise<T> {
    const since = performance.now();
    try {
      return await work;
    } finally {
      const tookMs = performance.now() - since;
      if (step === 'lookup') this.#lookupMs = (this.#lookupMs ?? 0) + tookMs;
      else this.#admissionMs = (this.#admissionMs ?? 0) + tookMs;
    }
  }

  #row({ responseFields }: KeptDetail): Omit<RequestRow, 'seq'> {
    const { method, raw } = this.#request;
    const range = combined(raw.headersDistinct, 'range')?.slice(0, 200);
    const response = this.#response;
    const askedBytes =
      method === 'HEAD' || response.statusCode === 304 ? undefined : lengthIn(responseFields);
    const { uses } = this;
    return {
      at: this.#at,
      method: method.slice(0, 16),
      target: this.target.slice(0, 300),
      range,
      rangeKind: rangeKindOf(range),
      ifRange: this.#decided?.ifRange,
      condition: this.#decided?.condition,
      spans: this.#decided?.spans,
      objectBytes: this.#decided?.representation.length,
      status: response.headersSent ? response.statusCode : 499,
      sentBytes: this.sentBytes,
      askedBytes,
      firstByteMs: this.#firstByteAt === undefined ? undefined : this.#firstByteAt - this.#startedAt,
      durationMs: performance.now() - this.#startedAt,
      heldMs: uses?.longestHeldMs,
      tier: uses?.tier,
      client: this.client,
      complete: response.writableFinished,
    };
  }

  #detail(): KeptDetail {
    const { raw, url } = this.#request;
    const { uses } = this;
    return {
      url: safeUrl(url),
      requestFields: withoutSecrets(raw.rawHeaders),
      responseFields: withoutSecrets(fieldsOf(this.#response)),
      representation: this.#decided?.representation,
      lookupMs: this.#lookupMs,
      admissionMs: this.#admissionMs,
      chunks: uses?.chunks ?? [],
      chunksHidden: uses?.hidden ?? 0,
      tierSpans: uses?.spans ?? [],
    };
  }
}

/**
 * The field lines of the answer as they went out, names and values in turns. `getHeaders` does not know what was given
 * to `writeHead`, nor what node adds; the head itself has all, and node keeps it as text.
 */
function fieldsOf(response: ServerResponse): readonly string[] {
  const { _header: head } = response as ServerResponse & { readonly _header?: string | null };
  const fields: string[] = [];
  for (const line of head?.split('\r\n').slice(1) ?? []) {
    const colon = line.indexOf(':');
    if (colon > 0) fields.push(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return fields;
}

function lengthIn(fields: readonly string[]): number | undefined {
  const at = fields.findIndex((text, index) => index % 2 === 0 && text.toLowerCase() === 'content-length');
  const length = at < 0 ? Number.NaN : Number(fields[at + 1]);
  return Number.isSafeInteger(length) ? length : undefined;
}

const exchanges = new WeakMap<FastifyRequest, Exchange>();

/** Begins the exchange of a request that is shown and counted. */
export function beginExchange(request: FastifyRequest, reply: FastifyReply, log: RequestLog): void {
  exchanges.set(request, new Exchange(request, reply, log));
}

/** The exchange of a request under `/git/` or `/api/`. */
export function exchangeOf(request: FastifyRequest): Exchange {
  const exchange = exchanges.get(request);
  if (!exchange) throw new SluiceError('INVARIANT', `no exchange was begun for ${request.url}`);
  return exchange;
}
