/**
 * Serves one object in the form that the request's fields select: the path of a byte, top to bottom. What is
 * current, which answer that gives (http/), a place (flow/admission), the window, ordered chunks (transfer/), the
 * socket.
 *
 * No header goes out before the first byte is in hand, so a revision that turns out to be gone is looked up again
 * and the client never knows. Once bytes are out, a gone revision ends in a destroyed connection: Content-Length
 * makes the truncation plain, and two revisions are never spliced.
 */
import { randomUUID } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RateMeter } from '#main/flow/rate.ts';
import { Window } from '#main/flow/window.ts';
import { answer, type Answer } from '#main/http/answer.ts';
import { conditionsOf } from '#main/http/conditions.ts';
import type { Representation } from '#main/http/representation.ts';
import type { StoredObject } from '#main/object-store/object-store.ts';
import { orderedRead, type HeldChunk } from '#main/transfer/read.ts';
import type { Transfer } from '#main/transfer/board.ts';
import { isSluiceError, SluiceError } from '#shared/errors.ts';
import type { ByteRange } from '#shared/range.ts';
import type { Exchange } from './exchange.ts';
import type { Services } from './services.ts';
import { BodyWriter } from './writer.ts';

/** A client that takes nothing for five minutes is disconnected. */
const idleMilliseconds = 5 * 60_000;
/** How often a revision may turn out to be gone before the first byte. */
const maxRestarts = 2;

export interface Target {
  /** The key in the store. */
  readonly key: string;
  /** For people. */
  readonly name: string;
  readonly mediaType?: string;
}

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
    const object = await services.catalog.current(target.key);
    if (!object) throw new SluiceError('NOT_FOUND', `nothing is stored at ${request.url.split('?')[0]}`);
    const decided = decide(object, target, request);
    describe(exchange, object, decided);
    if (decided.segments.length === 0) return sendHead(reply, decided);
    try {
      await sendBody({ services, object, decided, reply, exchange });
      return reply;
    } catch (error) {
      if (reply.raw.headersSent || exchange.signal.aborted) return abandon(services, reply, error);
      services.catalog.forget(target.key);
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
    fields: headers,
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

function describe(exchange: Exchange, object: StoredObject, decided: Answer): void {
  exchange.objectBytes = object.revision.length;
  exchange.spans = rangesOf(decided).map(({ start, end }) => [start, end]);
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
  readonly decided: Answer;
  readonly reply: FastifyReply;
  readonly exchange: Exchange;
}

async function sendBody(sending: Sending): Promise<void> {
  const { services, object, decided, exchange } = sending;
  const { admission, budget, board, config } = services;
  using _place = await admission.enter(exchange.signal);
  const received = new RateMeter();
  const onReceived = (bytes: number): void => received.add(bytes);
  await using window = new Window(budget, { owner: exchange.target, limit: config.window, onReceived });
  const transfer = board.open({
    object: exchange.target,
    client: exchange.client,
    objectBytes: object.revision.length,
    totalBytes: Number(decided.headers['content-length']),
    window,
    received,
  });
  try {
    await sendSegments(sending, window, transfer);
  } catch (error) {
    // Tokens that the socket still has come back when it closes; nobody may wait for a client to read on.
    if (sending.reply.raw.headersSent) sending.reply.raw.destroy();
    throw error;
  } finally {
    board.close(transfer);
  }
}

/** Sends the segments in order. Headers go out with the first byte of the body in hand. */
async function sendSegments(sending: Sending, window: Window, transfer: Transfer): Promise<void> {
  const { decided, reply, exchange, object, services } = sending;
  const writer = new BodyWriter(reply.raw, {
    idleMilliseconds,
    onSent: (bytes) => {
      exchange.sent(bytes);
      transfer.sent.add(bytes);
    },
  });
  const texts: Uint8Array[] = [];
  for (const segment of decided.segments) {
    if (segment.kind === 'text') {
      texts.push(segment.bytes);
      continue;
    }
    transfer.range = segment.range;
    const { config, cache: source } = services;
    const read = {
      object: object.revision,
      range: segment.range,
      chunkBytes: config.chunkBytes,
      source,
      window,
    };
    for await (const chunk of orderedRead(read, exchange.signal)) {
      exchange.answeredBy(chunk.tier);
      await deliver(chunk, texts.splice(0), sending, writer);
    }
  }
  for (const text of texts) await writer.write(text);
  await writer.flush();
  reply.raw.end();
}

async function deliver(
  chunk: HeldChunk,
  texts: readonly Uint8Array[],
  { decided, reply }: Sending,
  writer: BodyWriter,
): Promise<void> {
  try {
    if (!reply.raw.headersSent) {
      reply.hijack();
      reply.raw.writeHead(decided.status, outgoing(decided));
    }
    for (const text of texts) await writer.write(text);
  } catch (error) {
    chunk[Symbol.dispose]();
    throw error;
  }
  chunk.draining();
  await writer.write(chunk.bytes, chunk);
}

function outgoing(decided: Answer): OutgoingHttpHeaders {
  const fields = Object.entries(decided.headers);
  return Object.fromEntries(
    fields.map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]),
  );
}
