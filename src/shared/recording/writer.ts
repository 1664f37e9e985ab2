/** Pieces of a recording, as bytes; whoever writes them puts them one after the other. */
import type { RecordingCodec } from './codec.ts';
import {
  blockKinds,
  crc32,
  encodeBlock,
  endMagic,
  footerBytes,
  formatVersion,
  hasEventsFlag,
  headFixedBytes,
  magic,
  viewOf,
} from './layout.ts';
import {
  maxIndexedEvents,
  type RecordingEvent,
  type RecordingHeader,
  type RecordingRecord,
} from './records.ts';

/** A block of records in a file: where it is, how long, and which time it covers. */
export interface BlockEntry {
  readonly offset: number;
  /** With its head. */
  readonly bytes: number;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly records: number;
  readonly hasEvents: boolean;
}

/** What a file begins with. */
export function encodeHeader(header: RecordingHeader): Uint8Array {
  // In ASCII: nothing has to know how to encode text.
  const json = JSON.stringify(header).replaceAll(
    /[^ -~]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const bytes = new Uint8Array(headFixedBytes + json.length + 4);
  const view = viewOf(bytes);
  bytes.set(magic);
  view.setUint16(8, formatVersion, true);
  view.setUint32(12, json.length, true);
  for (let at = 0; at < json.length; at += 1) bytes[headFixedBytes + at] = json.charCodeAt(at);
  const end = headFixedBytes + json.length;
  view.setUint32(end, crc32(bytes.subarray(headFixedBytes, end)), true);
  return bytes;
}

/** One line of a block: what is written of a record. */
export function recordLine(record: RecordingRecord): string {
  return `${JSON.stringify(record)}\n`;
}

export interface BlockContent {
  /** Of `recordLine`, in order. */
  readonly lines: readonly string[];
  readonly firstAt: number;
  readonly lastAt: number;
  readonly hasEvents: boolean;
}

/** A block with these records. */
export async function encodeRecords(content: BlockContent, codec: RecordingCodec): Promise<Uint8Array> {
  const { lines, firstAt, lastAt, hasEvents } = content;
  const { payload, textBytes } = await codec.compress(lines.join(''));
  const flags = hasEvents ? hasEventsFlag : 0;
  return encodeBlock(
    { kind: blockKinds.records, flags, textBytes, records: lines.length, firstAt, lastAt },
    payload,
  );
}

/** What a file ends with that is closed: `offset` is where it goes. */
export async function encodeIndex(
  blocks: readonly BlockEntry[],
  events: readonly RecordingEvent[],
  offset: number,
  codec: RecordingCodec,
): Promise<Uint8Array> {
  const rows = blocks.map((block) => [
    block.offset,
    block.bytes,
    block.firstAt,
    block.lastAt,
    block.records,
    block.hasEvents ? 1 : 0,
  ]);
  const text = JSON.stringify({ blocks: rows, events: events.slice(0, maxIndexedEvents) });
  const { payload, textBytes } = await codec.compress(text);
  const firstAt = blocks[0]?.firstAt ?? 0;
  const lastAt = blocks.at(-1)?.lastAt ?? 0;
  const head = { kind: blockKinds.index, flags: 0, textBytes, records: blocks.length, firstAt, lastAt };
  const block = encodeBlock(head, payload);
  const bytes = new Uint8Array(block.length + footerBytes);
  bytes.set(block);
  viewOf(bytes).setFloat64(block.length, offset, true);
  bytes.set(endMagic, block.length + 8);
  return bytes;
}
