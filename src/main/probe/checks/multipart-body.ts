/** Reads multipart/byteranges strictly: what does not follow RFC 9110, section 14.6, is named. */

export interface Part {
  /** Inclusive, as in Content-Range. */
  readonly first: number;
  readonly last: number;
  readonly total: number | undefined;
  readonly bytes: Uint8Array;
}

/** The parts of a body, or what is wrong with it as the end of a sentence. */
export function readMultipart(type: string, body: Uint8Array): readonly Part[] | string {
  const boundary = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(type);
  const name = boundary?.[1] ?? boundary?.[2];
  if (name === undefined) return 'its Content-Type names no boundary';
  const text = Buffer.from(body).toString('latin1');
  const parts: Part[] = [];
  let at = text.startsWith(`--${name}`) ? 0 : text.indexOf(`\r\n--${name}`) + 2;
  if (at === 1) return 'its boundary does not appear in the body';
  for (;;) {
    at += name.length + 2;
    if (text.startsWith('--', at)) return parts.length > 0 ? parts : 'it has no part';
    const headEnd = text.indexOf('\r\n\r\n', at);
    if (headEnd < 0) return 'the fields of a part do not end';
    const range = /\r\ncontent-range:[ \t]*bytes (\d+)-(\d+)\/(\d+|\*)[ \t]*(?:\r\n|$)/i.exec(
      text.slice(at, headEnd),
    );
    if (!range) return 'a part has no Content-Range';
    const [first, last] = [Number(range[1]), Number(range[2])];
    const start = headEnd + 4;
    const end = start + last - first + 1;
    if (!text.startsWith(`\r\n--${name}`, end))
      return `the part ${first}-${last} has another length than its Content-Range says`;
    const total = range[3] === '*' ? undefined : Number(range[3]);
    parts.push({ first, last, total, bytes: body.subarray(start, end) });
    at = end + 2;
  }
}
