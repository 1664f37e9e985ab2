/**
 * A store for tests of what lies above it: objects whose bytes follow from their name and position, and reads that
 * take the turns of the event loop, fail, or hang as the script says.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import type {
  Discovery,
  ObjectRevision,
  ObjectStore,
  RangeAnswer,
  StoredObject,
} from '#main/object-store/object-store.ts';
import { SluiceError } from '#shared/errors.ts';
import type { ByteRange } from '#shared/range.ts';

export interface ReadScript {
  /** Turns of the event loop before the bytes come. */
  readonly turns: number;
  readonly outcome: 'ok' | 'fail' | 'gone' | 'hang';
}

const rowBytes = 256;
/** Every row that occurs, one after the other. */
const rows = Uint8Array.from({ length: 256 * rowBytes }, (_, index) => (index >>> 8) + index * 7);

/** The bytes of `range` of any object called `key`: rows that follow from the name and their place. */
export function bytesOf(key: string, range: ByteRange): Uint8Array {
  const seed = crc32(key);
  const bytes = new Uint8Array(range.end - range.start);
  for (let position = range.start; position < range.end;) {
    const row = Math.floor(position / rowBytes);
    const offset = position - row * rowBytes;
    const count = Math.min(rowBytes - offset, range.end - position);
    const from = (Math.imul(row ^ seed, 0x9e3779b1) >>> 24) * rowBytes + offset;
    bytes.set(rows.subarray(from, from + count), position - range.start);
    position += count;
  }
  return bytes;
}

function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new SluiceError('ABORTED', 'cancelled by its owner');
}

export class ScriptedStore implements ObjectStore {
  readonly description = 'scripted';
  readonly letsGo = 'at once';
  readonly objects = new Map<string, ObjectRevision>();
  readonly reads: ByteRange[] = [];
  /** Asked before each read. */
  script: () => ReadScript = () => ({ turns: 0, outcome: 'ok' });
  heads = 0;
  /** Requests on their way. */
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

  async openRange(revision: ObjectRevision, range: ByteRange, signal: AbortSignal): Promise<RangeAnswer> {
    const { turns, outcome } = this.script();
    this.reads.push(range);
    this.writing += 1;
    try {
      const lastTurn = outcome === 'hang' ? Number.POSITIVE_INFINITY : turns;
      for (let count = 0; count < lastTurn; count += 1) {
        await turn();
        throwIfAborted(signal);
      }
      throwIfAborted(signal);
    } finally {
      this.writing -= 1;
    }
    if (outcome === 'fail') throw new SluiceError('STORE_UNAVAILABLE', 'scripted failure');
    if (outcome === 'gone' || this.objects.get(revision.key)?.pin !== revision.pin) {
      throw new SluiceError('REVISION_CHANGED', 'scripted change');
    }
    return {
      readInto: async (into, onBytes) => {
        throwIfAborted(signal);
        into.set(bytesOf(revision.key, range));
        onBytes(into.length);
      },
    };
  }

  async discover(key: string, wanted: ByteRange, signal: AbortSignal): Promise<Discovery | undefined> {
    const object = await this.head(key);
    if (!object) return undefined;
    const { length } = object.revision;
    const range = { start: Math.min(wanted.start, length), end: Math.min(wanted.end, length) };
    if (range.start === range.end) return { object, range };
    return { object, range, answer: await this.openRange(object.revision, range, signal) };
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
