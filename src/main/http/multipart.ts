/**
 * multipart/byteranges (RFC 9110, section 14.6). The framing is text that is known before any byte is read, so the
 * exact Content-Length is too.
 */
import type { ByteRange } from '#shared/range.ts';
import { formatContentRange } from '#shared/http/content-range.ts';
import type { Representation } from './representation.ts';

/** A piece of a body: framing text, or bytes of the representation. */
export type Segment =
  | { readonly kind: 'text'; readonly bytes: Uint8Array }
  | { readonly kind: 'range'; readonly range: ByteRange };

/** The Content-Type of the whole answer. */
export function multipartType(boundary: string): string {
  return `multipart/byteranges; boundary=${boundary}`;
}

/** The body: for each range its delimiter, fields and bytes, then the closing delimiter. */
export function multipartSegments(
  ranges: readonly ByteRange[],
  representation: Pick<Representation, 'length' | 'mediaType'>,
  boundary: string,
): readonly Segment[] {
  const parts = ranges.flatMap((range, index): Segment[] => [
    text(
      `${index === 0 ? '' : '\r\n'}--${boundary}\r\n` +
        `Content-Type: ${representation.mediaType}\r\n` +
        `Content-Range: ${formatContentRange(range, representation.length)}\r\n\r\n`,
    ),
    { kind: 'range', range },
  ]);
  return [...parts, text(`\r\n--${boundary}--\r\n`)];
}

function text(value: string): Segment {
  return { kind: 'text', bytes: new TextEncoder().encode(value) };
}

/** Bytes that `segments` put on the wire. */
export function segmentsLength(segments: readonly Segment[]): number {
  let total = 0;
  for (const segment of segments) {
    total += segment.kind === 'text' ? segment.bytes.length : segment.range.end - segment.range.start;
  }
  return total;
}
