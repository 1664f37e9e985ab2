/**
 * The bytes of a `.sluicerec` file, little-endian:
 *
 *   head     magic (8), version u16, zero u16, header length u32, header JSON in ASCII, CRC-32 of the JSON u32
 *   block*   marker (4), kind u8, flags u8, zero u16, payload length u32, text length u32, records u32,
 *            first and last time f64, CRC-32 u32 of all of it after the marker, payload
 *   footer   offset of the index block f64, end magic (8): only when the file was closed
 *
 * A payload is text in UTF-8, compressed (raw deflate, RFC 1951): lines of JSON. Each block stands alone, and the
 * marker lets a reader find the next one behind a damaged one. So a file that ends anywhere is its whole blocks.
 */

export const formatVersion = 1;

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

export const magic = ascii('SLUICREC');
export const endMagic = ascii('SLUICEND');
export const marker = Uint8Array.of(0xf5, 0x53, 0x4c, 0x42);

export const headFixedBytes = 16;
export const blockHeadBytes = 40;
export const footerBytes = 16;

/** Longer ones are damage: writers make blocks of about a mebibyte of text. */
const maxPayloadBytes = 8 * 1024 * 1024;
export const maxTextBytes = 32 * 1024 * 1024;
/** The header is a few names and numbers. */
export const maxHeaderBytes = 64 * 1024;

export const blockKinds = { records: 1, index: 2 } as const;
/** The block has a mark or an alert in it. */
export const hasEventsFlag = 1;

export interface BlockHead {
  readonly kind: number;
  readonly flags: number;
  readonly payloadBytes: number;
  readonly textBytes: number;
  readonly records: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

/** Head and payload in one piece. */
export function encodeBlock(head: Omit<BlockHead, 'payloadBytes'>, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(blockHeadBytes + payload.length);
  const view = new DataView(bytes.buffer);
  bytes.set(marker);
  view.setUint8(4, head.kind);
  view.setUint8(5, head.flags);
  view.setUint32(8, payload.length, true);
  view.setUint32(12, head.textBytes, true);
  view.setUint32(16, head.records, true);
  view.setFloat64(20, head.firstAt, true);
  view.setFloat64(28, head.lastAt, true);
  bytes.set(payload, blockHeadBytes);
  view.setUint32(36, blockChecksum(bytes), true);
  return bytes;
}

/** The head that `bytes` begin with; `undefined` for what can be none. Its checksum is checked with the payload. */
export function decodeBlockHead(bytes: Uint8Array): BlockHead | undefined {
  if (bytes.length < blockHeadBytes || marker.some((byte, at) => bytes[at] !== byte)) return undefined;
  const view = viewOf(bytes);
  const head: BlockHead = {
    kind: view.getUint8(4),
    flags: view.getUint8(5),
    payloadBytes: view.getUint32(8, true),
    textBytes: view.getUint32(12, true),
    records: view.getUint32(16, true),
    firstAt: view.getFloat64(20, true),
    lastAt: view.getFloat64(28, true),
  };
  return head.payloadBytes <= maxPayloadBytes && head.textBytes <= maxTextBytes ? head : undefined;
}

/** Whether head and payload are as they were written. */
export function isBlockWhole(block: Uint8Array): boolean {
  return viewOf(block).getUint32(36, true) === blockChecksum(block);
}

function blockChecksum(block: Uint8Array): number {
  return crc32(block.subarray(blockHeadBytes), crc32(block.subarray(4, 36)));
}

export function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

const table = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** CRC-32 as in zip and gzip; `before` is that of the bytes before these. */
export function crc32(bytes: Uint8Array, before = 0): number {
  let crc = ~before;
  for (const byte of bytes) crc = (table[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return ~crc >>> 0;
}
