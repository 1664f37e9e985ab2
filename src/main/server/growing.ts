/**
 * A snapshot that does not exist yet, sent while it is being made. Its length and validator are known only at the
 * end, so there are no ranges and no ETag, and no cache may keep it; the next request finds the complete object. Head
 * and first byte go out together, so that what fails early is an error like any other; what fails later breaks the
 * connection, and can never be taken for the end.
 *
 * Each follower has a place (flow/admission) and the buffer that belongs to it; the bytes themselves are on disk. A
 * slow one delays nobody: the next piece is read when the socket has taken the one before.
 */
import { inert } from '#main/http/answer.ts';
import type { GrowingSnapshot } from '#main/snapshots/service.ts';
import { isSluiceError, SluiceError } from '#shared/errors.ts';
import { archiveType, type GitRequest } from './git-request.ts';
import type { Missing } from './representation.ts';
import { ResponseSink } from './response-sink.ts';

/** As for any transfer: who takes nothing for so long is given up. */
const idleMilliseconds = 5 * 60_000;

/**
 * Makes the snapshot, or follows who is making it. `stored`: there is one by now.
 * @throws SluiceError when nothing was sent yet
 */
export async function serveGrowing(asked: GitRequest): Promise<Missing> {
  const { services, repository, reply, exchange } = asked;
  try {
    const growing = await services.repositories.grow(repository, exchange.signal);
    if (growing === 'stored') return growing;
    await follow(asked, growing);
  } catch (error) {
    const isGone = exchange.signal.aborted;
    if (!reply.raw.headersSent && !isGone) throw inWords(error);
    if (!isSluiceError(error, 'ABORTED'))
      services.log.warn({ err: error }, 'a growing snapshot was broken off');
    reply.hijack();
    // A reset: without it a client of HTTP/1.0 could not tell this from the end.
    reply.raw.socket?.resetAndDestroy();
  }
  return 'answered';
}

async function follow(asked: GitRequest, growing: GrowingSnapshot): Promise<void> {
  const { services, reply, exchange } = asked;
  const { admission, engine } = services;
  using _place = await admission.enter(exchange.signal);
  using buffer = await engine.budget.bounce.take('bounce', 'transfers', exchange.signal);
  const pieces = growing.read(exchange.signal, buffer.memory);
  try {
    let piece = await pieces.next();
    reply.hijack();
    reply.raw.writeHead(200, {
      'content-type': archiveType,
      'x-cachew-snapshot-commit': growing.commit,
      'cache-control': 'no-store',
      ...inert,
    });
    const sink = new ResponseSink(reply.raw, (bytes) => exchange.sent(bytes));
    for (; !piece.done; piece = await pieces.next()) await deliver(asked, sink, piece.value);
    exchange.signal.throwIfAborted();
    reply.raw.end();
  } finally {
    await pieces.return();
  }
}

async function deliver(
  { services, reply }: GitRequest,
  sink: ResponseSink,
  piece: Uint8Array,
): Promise<void> {
  const timer = setTimeout(() => {
    services.engine.transfers.measures.idleSends += 1;
    reply.raw.destroy();
  }, idleMilliseconds);
  try {
    await sink.deliver(piece);
  } finally {
    clearTimeout(timer);
  }
}

/** Somebody has cancelled the job, but not this client. */
function inWords(error: unknown): unknown {
  if (!isSluiceError(error, 'ABORTED')) return error;
  return new SluiceError('BUSY', 'the snapshot was cancelled while it was made; ask again', { cause: error });
}
