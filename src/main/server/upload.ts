/**
 * Receives a body into the store. The one buffer of an upload is a part from the memory budget; when all parts are
 * in use the upload waits, and the client's socket with it.
 */
import type { Readable } from 'node:stream';
import type { ObjectMetadata, StoredObject } from '#main/object-store/object-store.ts';
import { SluiceError } from '#shared/errors.ts';
import type { Exchange } from './exchange.ts';
import type { Services } from './services.ts';

const idleMilliseconds = 60_000;

/** @throws SluiceError; nothing is left behind then */
export async function receive(
  { budget, catalog }: Services,
  key: string,
  body: Readable,
  metadata: ObjectMetadata,
  exchange: Exchange,
): Promise<StoredObject> {
  using part = await budget.uploads.take('upload', `upload of ${exchange.target}`, exchange.signal);
  const memory = { bytes: part.memory, [Symbol.dispose]: () => undefined };
  return catalog.put(key, wholeBody(body), metadata, memory, exchange.signal);
}

/**
 * The bytes of `body`. A client that sends nothing for a minute while its bytes are awaited is given up: it holds a
 * part that others wait for. @throws SluiceError UPLOAD_ABORTED when the body ends before it is complete
 */
async function* wholeBody(body: Readable): AsyncGenerator<Uint8Array, void, void> {
  const pieces = body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  try {
    for (;;) {
      const timer = setTimeout(() => body.destroy(new Error('no byte came for a minute')), idleMilliseconds);
      const piece = await pieces.next().finally(() => clearTimeout(timer));
      if (piece.done) return;
      yield piece.value;
    }
  } catch (error) {
    throw new SluiceError('UPLOAD_ABORTED', 'the upload ended before it was complete', { cause: error });
  }
}
