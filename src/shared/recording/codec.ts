/** What the format needs of its surroundings: Node has zlib, a page has streams. */

export interface RecordingCodec {
  /** Text as UTF-8, in raw deflate; with the number of bytes before compression. */
  compress(text: string): Promise<{ readonly payload: Uint8Array; readonly textBytes: number }>;
  /** @throws whatever fails, also when there are more than `maxBytes` */
  decompress(payload: Uint8Array, maxBytes: number): Promise<string>;
}

/** Bytes that can be read from any place: a file on a disk, one that was dropped on a page, or a buffer. */
export interface ByteSource {
  readonly length: number;
  /** `[start, end)`; fewer when it ends before. */
  read(start: number, end: number): Promise<Uint8Array>;
}
