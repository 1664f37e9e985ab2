/** Undoes gzip, in the page and in Node alike. */

/** What both have, and the language's own library does not declare. */
interface Chunked {
  readonly readable: {
    getReader(): { read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array }> };
  };
  readonly writable: { getWriter(): { write(bytes: Uint8Array): Promise<void>; close(): Promise<void> } };
}
declare const DecompressionStream: new (format: 'gzip') => Chunked;

/** Whether the bytes begin as gzip does (RFC 1952, section 2.3.1). */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** @throws what the runtime throws for what is no whole gzip; RangeError when more than `limitBytes` come out */
export async function gunzip(bytes: Uint8Array, limitBytes: number): Promise<Uint8Array> {
  const { readable, writable } = new DecompressionStream('gzip');
  const writer = writable.getWriter();
  // Its failure is the reader's too.
  const written = writer.write(bytes).then(() => writer.close());
  written.catch(() => undefined);
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = readable.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    if (!part.value) continue;
    length += part.value.length;
    if (length > limitBytes) throw new RangeError(`more than ${limitBytes} bytes come out`);
    parts.push(part.value);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
