/**
 * One request and what became of it: the signal that ends its work when the client goes, and the row that the
 * console shows. The row is written when the response has closed, whatever path it took there.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SluiceError } from '#shared/errors.ts';
import type { Tier } from '#shared/request-model.ts';
import type { RequestLog } from '#main/telemetry/request-log.ts';

const slowness: Readonly<Record<Tier, number>> = { memory: 0, disk: 1, store: 2 };

/** Made once: an abort without a reason makes a DOMException with a stack for each request. */
const clientGone = new SluiceError('ABORTED', 'the client closed the connection');

export class Exchange {
  readonly client: string;
  /** What was asked for, as the console names it. */
  target: string;
  spans: [number, number][] | undefined;
  objectBytes: number | undefined;
  tier: Tier | undefined;
  sentBytes = 0;
  #firstByteAt: number | undefined;
  readonly #startedAt = performance.now();
  readonly #at = Date.now();
  readonly #gone = new AbortController();

  constructor(request: FastifyRequest, reply: FastifyReply, log: RequestLog) {
    this.client = request.ip;
    this.target = request.url;
    const { method } = request;
    const range = request.headers.range?.slice(0, 200);
    reply.raw.once('close', () => {
      this.#gone.abort(clientGone);
      const complete = reply.raw.writableFinished;
      log.add({
        at: this.#at,
        method: method.slice(0, 16),
        target: this.target.slice(0, 300),
        ...(range === undefined ? {} : { range }),
        ...(this.spans ? { spans: this.spans } : {}),
        ...(this.objectBytes === undefined ? {} : { objectBytes: this.objectBytes }),
        status: reply.raw.headersSent ? reply.raw.statusCode : 499,
        sentBytes: this.sentBytes,
        ...(this.#firstByteAt === undefined ? {} : { firstByteMs: this.#firstByteAt - this.#startedAt }),
        durationMs: performance.now() - this.#startedAt,
        ...(this.tier ? { tier: this.tier } : {}),
        client: this.client,
        complete,
      });
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

  /** Remembers the slowest level that answered. */
  answeredBy(tier: Tier | undefined): void {
    if (tier && (!this.tier || slowness[tier] > slowness[this.tier])) this.tier = tier;
  }
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
