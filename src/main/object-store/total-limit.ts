/** A store that refuses to hold more than a stated total. It counts what went through it, so it must be the only way in. */
import { SluiceError } from '#shared/errors.ts';
import { formatBytes } from '#shared/units.ts';
import type { ObjectStore } from './object-store.ts';

/**
 * `store`, refusing with TOO_LARGE as soon as the objects in it and those on their way would pass `limitBytes`.
 * `remedy` ends the message. An object that is replaced counts until it is.
 */
export function withTotalLimit(store: ObjectStore, limitBytes: number, remedy: string): ObjectStore {
  const lengths = new Map<string, number>();
  let totalBytes = 0;
  const record = (key: string, length: number) => {
    totalBytes += length - (lengths.get(key) ?? 0);
    if (length === 0) lengths.delete(key);
    else lengths.set(key, length);
  };
  const counted = async function* (body: AsyncIterable<Uint8Array>, count: (bytes: number) => void) {
    for await (const piece of body) {
      if (totalBytes + piece.length > limitBytes) {
        throw new SluiceError('TOO_LARGE', `the store holds at most ${formatBytes(limitBytes)}: ${remedy}`);
      }
      count(piece.length);
      yield piece;
    }
  };
  return {
    description: store.description,
    head: async (key, signal) => {
      const found = await store.head(key, signal);
      if (!found) record(key, 0);
      return found;
    },
    letsGo: store.letsGo,
    openRange: (revision, range, signal) => store.openRange(revision, range, signal),
    discover: async (key, wanted, signal) => {
      const found = await store.discover(key, wanted, signal);
      if (!found) record(key, 0);
      return found;
    },
    checksumOf: async (revision, signal) => store.checksumOf?.(revision, signal),
    put: async (key, body, metadata, part, signal) => {
      let incoming = 0;
      const count = (bytes: number) => {
        incoming += bytes;
        totalBytes += bytes;
      };
      try {
        const stored = await store.put(key, counted(body, count), metadata, part, signal);
        record(key, stored.revision.length);
        return stored;
      } finally {
        totalBytes -= incoming;
      }
    },
    delete: async (key, signal) => {
      const deleted = await store.delete(key, signal);
      record(key, 0);
      return deleted;
    },
    namespaces: (signal) => store.namespaces(signal),
    check: (signal) => store.check(signal),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}
