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

/**
 * Unpacks it all.
 * @throws what the runtime throws for what is no whole gzip; RangeError when more than `limitBytes` come out; the
 * signal's reason
 */
export async function gunzip(
  bytes: Uint8Array,
  limitBytes: number,
  { onProgress, signal }: ReadOptions = {},
): Promise<Uint8Array> {
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
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
