/** All bytes of an object in the store, one piece of memory at a time. */
import type { ObjectRevision, ObjectStore } from '#main/object-store/object-store.ts';
import { retry } from '#main/object-store/retry.ts';
import { KiB } from '#shared/units.ts';

const rangeTimeoutMs = 60_000;
const pieceBytes = 256 * KiB;

/**
 * Reads range after range into `memory`, each tried again while that can help. Pieces are copies: whoever takes one
 * may still have it when the next range comes.
 * @throws as ObjectStore.openRange
 */
export async function* readStored(
  store: Pick<ObjectStore, 'openRange'>,
  revision: ObjectRevision,
  memory: Uint8Array,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (let start = 0; start < revision.length; start += memory.length) {
    const range = { start, end: Math.min(start + memory.length, revision.length) };
    const into = memory.subarray(0, range.end - range.start);
    await retry(
      async () => {
        const patience = AbortSignal.any([signal, AbortSignal.timeout(rangeTimeoutMs)]);
        const answer = await store.openRange(revision, range, patience);
        await answer.readInto(into, () => undefined);
      },
      {},
      signal,
    );
    for (let at = 0; at < into.length; at += pieceBytes) yield into.slice(at, at + pieceBytes);
  }
}
