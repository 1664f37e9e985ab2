/** Undoes gzip, in the page and in Node alike. */
import type { ReadOptions } from './profile.ts';

/** What both have, and the language's own library does not declare. */
interface Chunked {
  readonly readable: {
    getReader(): {
      read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array }>;
      cancel(reason?: unknown): Promise<void>;
    };
  };
  readonly writable: { getWriter(): { write(bytes: Uint8Array): Promise<void>; close(): Promise<void> } };
}
declare const DecompressionStream: new (format: 'gzip') => Chunked;

/** What goes in at a time; in between somebody may end it. */
const pieceBytes = 1 << 20;

/** Whether the bytes begin as gzip does (RFC 1952, section 2.3.1). */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** A cut that turns out to be none costs as much as what is before it; no real file comes near. */
const maxMisses = 64;

/**
 * Unpacks it all, of several members one after another (RFC 1952, section 2.2), too.
 * @throws what the runtime throws for what is no whole gzip; RangeError when more than `limitBytes` come out; the
 * signal's reason
 */
export async function gunzip(
  bytes: Uint8Array,
  limitBytes: number,
  options: ReadOptions = {},
): Promise<Uint8Array> {
  try {
    return joined(await unpack(bytes, limitBytes, options));
  } catch (error) {
    options.signal?.throwIfAborted();
    if (error instanceof RangeError || memberAfter(bytes, 0) === bytes.length) throw error;
    // What runs this may take all that follows the first member for junk.
    return joined(await unpackMembers(bytes, limitBytes, options));
  }
}

async function unpackMembers(
  bytes: Uint8Array,
  limitBytes: number,
  { onProgress, signal }: ReadOptions,
): Promise<readonly Uint8Array[]> {
  const parts: Uint8Array[] = [];
  const abort = signal ? { signal } : {};
  let [start, end, length, misses] = [0, memberAfter(bytes, 0), 0, 0];
  while (start < bytes.length) {
    try {
      for (const part of await unpack(bytes.subarray(start, end), limitBytes - length, abort)) {
        parts.push(part);
        length += part.length;
      }
      onProgress?.(end / bytes.length);
      start = end;
    } catch (error) {
      signal?.throwIfAborted();
      misses += 1;
      if (error instanceof RangeError || end === bytes.length || misses > maxMisses) throw error;
    }
    end = memberAfter(bytes, end);
  }
  return parts;
}

/** Where after `at` another member seems to begin, by its header (RFC 1952, section 2.3.1); else the end. */
function memberAfter(bytes: Uint8Array, at: number): number {
  for (let next = bytes.indexOf(0x1f, at + 1); next >= 0; next = bytes.indexOf(0x1f, next + 1)) {
    const [, magic, method, flags = 0xff] = bytes.subarray(next, next + 4);
    if (magic === 0x8b && method === 8 && flags < 0x20) return next;
  }
  return bytes.length;
}

async function unpack(
  bytes: Uint8Array,
  limitBytes: number,
  { onProgress, signal }: ReadOptions,
): Promise<readonly Uint8Array[]> {
  const { readable, writable } = new DecompressionStream('gzip');
  const writer = writable.getWriter();
  const write = async (): Promise<void> => {
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      await writer.write(bytes.subarray(at, at + pieceBytes));
      onProgress?.(Math.min(1, (at + pieceBytes) / bytes.length));
    }
    await writer.close();
  };
  // Its failure is the reader's too.
  write().catch(() => undefined);
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = readable.getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      signal?.throwIfAborted();
      if (!part.value) continue;
      length += part.value.length;
      if (length > limitBytes) throw new RangeError(`more than ${limitBytes} bytes come out`);
      parts.push(part.value);
    }
  } catch (error) {
    await reader.cancel(error).catch(() => undefined);
    throw error;
  }
  return parts;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
