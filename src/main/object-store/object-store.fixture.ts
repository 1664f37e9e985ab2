/** For tests of object stores: something to put, and ways to read it. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { ByteRange } from '#shared/range.ts';
import { MiB } from '#shared/units.ts';
import type { ObjectMetadata, ObjectRevision, ObjectStore, PartMemory } from './object-store.ts';

/** The smallest part that S3 takes. */
export const testPartBytes = 5 * MiB;

export const never: AbortSignal = new AbortController().signal;

export function partMemory(): PartMemory {
  return { bytes: new Uint8Array(testPartBytes), [Symbol.dispose]: () => undefined };
}

/** A key that nobody has used. */
export function newKey(namespace?: string): string {
  const digest = randomBytes(32).toString('hex');
  return `${namespace === undefined ? '' : `${namespace}/`}${digest.slice(0, 2)}/${digest}`;
}

/** Bytes in pieces of a size that does not divide a part. */
export async function* bodyOf(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  const pieceBytes = 100_003;
  for (let start = 0; start < bytes.length; start += pieceBytes)
    yield bytes.subarray(start, start + pieceBytes);
}

export function metadata(more: Partial<ObjectMetadata> = {}): ObjectMetadata {
  return { headers: { 'content-type': ['application/zstd'] }, etag: randomUUID(), ...more };
}

/** One request and its body, into new memory. */
export async function readRange(
  store: ObjectStore,
  revision: ObjectRevision,
  range: ByteRange,
  onBytes: (bytes: number) => void = () => undefined,
): Promise<Uint8Array> {
  const into = new Uint8Array(range.end - range.start);
  const answer = await store.openRange(revision, range, never);
  await answer.readInto(into, onBytes);
  return into;
}

export async function readAll(store: ObjectStore, revision: ObjectRevision): Promise<Uint8Array> {
  const whole = { start: 0, end: revision.length };
  return whole.end === 0 ? new Uint8Array() : readRange(store, revision, whole);
}
