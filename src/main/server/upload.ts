/**
 * Receives a body into the store. The one buffer of an upload is a part from the memory budget; when all parts are
 * in use the upload waits, and the client's socket with it.
 */
import type { Readable } from 'node:stream';
import type { ObjectMetadata, StoredObject } from '#main/object-store/object-store.ts';
import { SluiceError } from '#shared/errors.ts';
import type { Exchange } from './exchange.ts';
import type { Services } from './services.ts';

const leastBytes = 64 * 1024;
const patienceMilliseconds = 60_000;

/** @throws SluiceError; nothing is left behind then */
export async function receive(
  { engine, catalog }: Services,
  key: string,
  body: Readable,
  metadata: ObjectMetadata,
  exchange: Exchange,
): Promise<StoredObject> {
  using part = await engine.budget.uploads.take('upload', `upload of ${exchange.target}`, exchange.signal);
  const memory = { bytes: part.memory, [Symbol.dispose]: () => undefined };
  // Awaited here: the part goes back when this function ends.
  return await catalog.put(key, wholeBody(body), metadata, memory, exchange.signal);
}

/**
 * The bytes of `body`. A client that brings less than 64 KiB in a minute in which nothing but its bytes is awaited is
 * given up: it holds a part that others wait for.
 * @throws SluiceError UPLOAD_ABORTED when the body ends before it is complete
 */
export async function* wholeBody(body: Readable): AsyncGenerator<Uint8Array, void, void> {
  const pieces = body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  let patience = { bytes: leastBytes, milliseconds: patienceMilliseconds };
  try {
    for (;;) {
      const askedAt = performance.now();
      const timer = setTimeout(() => body.destroy(new Error('too slow')), patience.milliseconds);
      const piece = await pieces.next().finally(() => clearTimeout(timer));
      if (piece.done) return;
      patience = {
        bytes: patience.bytes - piece.value.length,
        milliseconds: patience.milliseconds - (performance.now() - askedAt),
      };
      if (patience.bytes <= 0) patience = { bytes: leastBytes, milliseconds: patienceMilliseconds };
      yield piece.value;
    }
  } catch (error) {
    throw new SluiceError('UPLOAD_ABORTED', 'the upload ended before it was complete', { cause: error });
  }
}
