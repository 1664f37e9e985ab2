/**
 * Serves one object in the form that the request's fields select: the path of a byte, top to bottom. What is
 * current, which answer that gives (http/), a place (flow/admission), a transfer (transfer/), the socket.
 *
 * No header goes out before the first byte is in hand, so a revision that turns out to be gone is looked up again
 * and the client never knows. Once bytes are out, a gone revision ends in a destroyed connection: Content-Length
 * makes the truncation plain, and two revisions are never spliced.
 */
import { randomUUID } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { answer, type Answer } from '#main/http/answer.ts';
import { conditionsOf } from '#shared/http/conditions.ts';
import { quoteEtag } from '#shared/http/validators.ts';
import { failedCondition, ifRangeVerdict } from '#shared/http/verdicts.ts';
import type { FieldValue, Representation } from '#main/http/representation.ts';
import type { StoredObject } from '#main/object-store/object-store.ts';
import type { Transfer } from '#main/transfer/transfer.ts';
import { isSluiceError, SluiceError } from '#shared/errors.ts';
import type { ByteRange } from '#shared/range.ts';
import type { Exchange } from './exchange.ts';
import type { Services } from './services.ts';
import { firstWanted } from './first-look.ts';
import { ResponseSink } from './response-sink.ts';

/** How often a revision may turn out to be gone, or to be there after all, before the first byte. */
const maxRestarts = 2;

export interface Target {
  /** The key in the store. */
  readonly key: string;
  /** For people. */
  readonly name: string;
  readonly mediaType?: string;
  /** The fields to send with it, given those that are stored with it; the stored ones unless there is more to say. */
  readonly fields?: (stored: StoredFields) => StoredFields;
  /**
   * Answers when there is none, or finds that there is one by now; without it that is a 404. Never gives the reply
   * itself: that is a thenable, and what waits for it gets `undefined`.
   */
  readonly onMissing?: () => Promise<Missing>;
}

export type Missing = 'answered' | 'stored';

export type StoredFields = Readonly<Record<string, FieldValue>>;

/** Answers GET or HEAD of `target`. @throws SluiceError when nothing was sent yet */
export async function serveRepresentation(
  services: Services,
  target: Target,
  request: FastifyRequest,
  reply: FastifyReply,
  exchange: Exchange,
): Promise<FastifyReply> {
  exchange.target = target.name;
  for (let restarts = 0; ; restarts += 1) {
    const wanted = firstWanted(request, services.engine.transfers.sizes);
    const found = await exchange.timed('lookup', services.catalog.look(target.key, wanted, exchange.signal));
    if (!found) {
      const answered = restarts < maxRestarts ? await target.onMissing?.() : undefined;
      if (!answered) throw new SluiceError('NOT_FOUND', `nothing is stored at ${request.url.split('?')[0]}`);
      if (answered === 'answered') return reply;
      services.catalog.forget(target.key);
      continue;
    }
    // Given up on every path that does not use it.
    using along = found.along;
    const { object } = found;
    const decided = decide(object, target, request);
    describe(exchange, object, decided, request);
    if (decided.segments.length === 0) return sendHead(reply, decided);
    try {
      await sendBody({ services, object, along, decided, reply, exchange });
      return reply;
    } catch (error) {
      // Also after the head: whoever was broken off asks again at once.
      if (!isSluiceError(error, 'ABORTED')) services.catalog.forget(target.key);
      if (reply.raw.headersSent || exchange.signal.aborted) return abandon(services, reply, error);
      if (!isSluiceError(error, 'REVISION_CHANGED') || restarts >= maxRestarts) throw error;
    }
  }
}

function decide(object: StoredObject, target: Target, request: FastifyRequest): Answer {
  const { headers, etag, lastModified, revision } = object;
  const representation: Representation = {
    length: revision.length,
    etag,
    lastModified,
    mediaType: headers['content-type']?.[0] ?? target.mediaType ?? 'application/octet-stream',
    fields: target.fields?.(headers) ?? headers,
  };
  return answer(
    {
      method: request.method === 'HEAD' ? 'HEAD' : 'GET',
      conditions: conditionsOf(request.raw.headersDistinct),
    },
    representation,
    { boundary: randomUUID(), now: new Date() },
  );
}

function describe(
  exchange: Exchange,
  { revision, etag, lastModified }: StoredObject,
  decided: Answer,
  { method, raw }: FastifyRequest,
): void {
  const conditions = conditionsOf(raw.headersDistinct);
  const current = { etag, lastModified };
  const now = new Date();
  const isRefused = decided.status === 304 || decided.status === 412;
  exchange.decided({
    spans: rangesOf(decided).map(({ start, end }) => [start, end]),
    ifRange: isRefused ? undefined : ifRangeVerdict(method, conditions, current, now),
    condition: isRefused ? failedCondition(conditions, current, now) : undefined,
    representation: {
      length: revision.length,
      etag: quoteEtag(etag),
      lastModified: lastModified.getTime(),
    },
  });
}

function rangesOf(decided: Answer): readonly ByteRange[] {
  return decided.segments.flatMap((segment) => (segment.kind === 'range' ? [segment.range] : []));
}

function sendHead(reply: FastifyReply, decided: Answer): FastifyReply {
  reply.hijack();
  reply.raw.writeHead(decided.status, outgoing(decided));
  reply.raw.end();
  return reply;
}

/** Headers are out: the connection is all that is left to say that the body is not whole. */
function abandon({ log }: Services, reply: FastifyReply, error: unknown): FastifyReply {
  if (!isSluiceError(error, 'ABORTED')) log.warn({ err: error }, 'a transfer was broken off');
  reply.hijack();
  reply.raw.destroy();
  return reply;
}

interface Sending {
  readonly services: Services;
  readonly object: StoredObject;
  readonly along: Disposable | undefined;
  readonly decided: Answer;
  readonly reply: FastifyReply;
  readonly exchange: Exchange;
}

async function sendBody(sending: Sending): Promise<void> {
  const { services, object, along, decided, reply, exchange } = sending;
  const { admission, engine } = services;
  // An answer of the store cannot wait for a place.
  if (admission.admitted >= admission.capacity) along?.[Symbol.dispose]();
  using _place = await exchange.timed('admission', admission.enter(exchange.signal));
  const transfer = engine.transfers.open(object.revision, {
    client: exchange.client,
    name: exchange.target,
    path: reply.request.url.replace(/\?.*/s, ''),
    etag: textOf(decided.headers['etag']),
    totalBytes: Number(decided.headers['content-length']),
  });
  exchange.uses = transfer.uses;
  const onGone = (): void => transfer.fail(exchange.signal.reason);
  exchange.signal.addEventListener('abort', onGone, { once: true });
  if (exchange.signal.aborted) onGone();
  try {
    await sendSegments(sending, transfer);
  } catch (error) {
    // Memory that the socket still has comes back when it closes; nobody may wait for a client to read on.
    if (reply.raw.headersSent) reply.raw.destroy();
    throw error;
  } finally {
    exchange.signal.removeEventListener('abort', onGone);
    await transfer.close();
  }
}

/** Sends the segments in order. Headers go out with the first byte of the body in hand. */
async function sendSegments({ decided, reply, exchange, along }: Sending, transfer: Transfer): Promise<void> {
  const [first] = rangesOf(decided);
  const primed = first && transfer.prime(first);
  // Taken by now, or never: its bytes may be in a chunk that is being brought, and waits for the permit that this holds.
  along?.[Symbol.dispose]();
  await primed;
  reply.hijack();
  reply.raw.writeHead(decided.status, outgoing(decided));
  const sink = new ResponseSink(reply.raw, (bytes) => exchange.sent(bytes));
  for (const segment of decided.segments) {
    if (segment.kind === 'text') await sink.deliver(segment.bytes);
    else await transfer.send(segment.range, sink);
  }
  reply.raw.end();
}

function outgoing(decided: Answer): OutgoingHttpHeaders {
  const fields = Object.entries(decided.headers);
  return Object.fromEntries(
    fields.map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]),
  );
}

function textOf(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0];
}
