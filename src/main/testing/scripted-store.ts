/**
 * A store for tests of what lies above it: objects whose bytes follow from their name and position, and reads that
 * take the turns of the event loop, fail, or hang as the script says.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import type {
  ObjectRevision,
  ObjectStore,
  ReadObserver,
  StoredObject,
} from '#main/object-store/object-store.ts';
import { SluiceError } from '#shared/errors.ts';
import type { ByteRange } from '#shared/range.ts';

export interface ReadScript {
  /** Turns of the event loop before the bytes come. */
  readonly turns: number;
  readonly outcome: 'ok' | 'fail' | 'gone' | 'hang';
}

/** The bytes of `range` of any object called `key`. */
export function bytesOf(key: string, range: ByteRange): Uint8Array {
  const seed = crc32(key);
  const bytes = new Uint8Array(range.end - range.start);
  for (let index = 0; index < bytes.length; index += 1) {
    const position = range.start + index;
    bytes[index] = seed + position * 7 + (position >>> 8) * 13 + (position >>> 16) * 17;
  }
  return bytes;
}

export class ScriptedStore implements ObjectStore {
  readonly description = 'scripted';
  readonly objects = new Map<string, ObjectRevision>();
  readonly reads: ByteRange[] = [];
  /** Asked before each read. */
  script: () => ReadScript = () => ({ turns: 0, outcome: 'ok' });
  heads = 0;
  /** Memory that a read may still write to. */
  writing = 0;

  add(key: string, length: number, pin = 'pin-1'): ObjectRevision {
    const revision = { key, length, pin };
    this.objects.set(key, revision);
    return revision;
  }

  async head(key: string): Promise<StoredObject | undefined> {
    this.heads += 1;
    await turn();
    const revision = this.objects.get(key);
    return revision && { revision, headers: {}, etag: revision.pin, lastModified: new Date(0) };
  }

  async readRange(
    revision: ObjectRevision,
    range: ByteRange,
    into: Uint8Array,
    observer: ReadObserver,
    signal: AbortSignal,
  ): Promise<void> {
    const { turns, outcome } = this.script();
    this.reads.push(range);
    this.writing += 1;
    try {
      observer.attempt(1);
      const lastTurn = outcome === 'hang' ? Number.POSITIVE_INFINITY : turns;
      for (let count = 0; count < lastTurn; count += 1) {
        await turn();
        signal.throwIfAborted();
      }
      if (outcome === 'fail') throw new SluiceError('STORE_UNAVAILABLE', 'scripted failure');
      if (outcome === 'gone' || this.objects.get(revision.key)?.pin !== revision.pin) {
        throw new SluiceError('REVISION_CHANGED', 'scripted change');
      }
      into.set(bytesOf(revision.key, range));
      observer.received(into.length);
    } finally {
      this.writing -= 1;
    }
  }

  async put(): Promise<StoredObject> {
    throw new SluiceError('INVARIANT', 'not scripted');
  }

  async delete(key: string): Promise<boolean> {
    return this.objects.delete(key);
  }

  async namespaces(): Promise<readonly string[]> {
    return [];
  }

  async check(): Promise<void> {
    await turn();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.objects.clear();
  }
}
