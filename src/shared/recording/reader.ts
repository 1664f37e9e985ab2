/**
 * Reads recordings, whole or not. A file that was closed tells by its index where everything is; of one that was not,
 * every block is looked at, and whatever is whole counts. What is damaged is skipped and counted, never guessed.
 */
import { z } from 'zod';
import { SluiceError } from '#shared/errors.ts';
import type { ByteSource, RecordingCodec } from './codec.ts';
import {
  blockHeadBytes,
  blockKinds,
  crc32,
  decodeBlockHead,
  endMagic,
  footerBytes,
  formatVersion,
  hasEventsFlag,
  headFixedBytes,
  isBlockWhole,
  magic,
  marker,
  maxHeaderBytes,
  maxTextBytes,
  viewOf,
} from './layout.ts';
import {
  eventSchema,
  jsonOf,
  maxIndexedEvents,
  recordingHeaderSchema,
  type RecordingEvent,
  type RecordingHeader,
} from './records.ts';
import type { BlockEntry } from './writer.ts';

export interface OpenedRecording {
  /** `undefined` when it is damaged: the rest may be whole. */
  readonly header: RecordingHeader | undefined;
  readonly blocks: readonly BlockEntry[];
  readonly events: readonly RecordingEvent[];
  /** It was closed, and its index is as it was written. */
  readonly isClosed: boolean;
  /** Places that were skipped because they are damaged, and bytes at the end that are no whole block. */
  readonly damaged: number;
  readonly unfinishedBytes: number;
}

/** @throws SluiceError INVALID_INPUT in a sentence for what is no recording, or one of a later version */
export async function openRecording(source: ByteSource, codec: RecordingCodec): Promise<OpenedRecording> {
  const { header, end } = await readHeader(source);
  const indexed = await readIndex(source, codec, end);
  const damaged = header ? 0 : 1;
  if (indexed) return { header, ...indexed, isClosed: true, damaged, unfinishedBytes: 0 };
  const scanned = await scan(source, end);
  const events = await eventsOf(source, codec, scanned.blocks);
  return { header, ...scanned, events, isClosed: false, damaged: damaged + scanned.damaged };
}

/** The text of a block: lines for `parseRecords`. `undefined` when it is damaged. */
export async function readBlock(
  source: ByteSource,
  codec: RecordingCodec,
  { offset, bytes }: Pick<BlockEntry, 'offset' | 'bytes'>,
): Promise<string | undefined> {
  return blockText(await source.read(offset, offset + bytes), codec);
}

/** The same of a block's bytes. */
export async function blockText(block: Uint8Array, codec: RecordingCodec): Promise<string | undefined> {
  const head = decodeBlockHead(block);
  if (!head || block.length !== blockHeadBytes + head.payloadBytes || !isBlockWhole(block)) return undefined;
  try {
    return await codec.decompress(block.subarray(blockHeadBytes), Math.min(head.textBytes, maxTextBytes));
  } catch {
    return undefined;
  }
}

async function readHeader(source: ByteSource) {
  const fixed = await source.read(0, headFixedBytes);
  if (fixed.length < headFixedBytes || magic.some((byte, at) => fixed[at] !== byte))
    throw new SluiceError(
      'INVALID_INPUT',
      'this is not a recording of Sluice: it does not begin with SLUICREC',
    );
  const view = viewOf(fixed);
  const version = view.getUint16(8, true);
  if (version > formatVersion)
    throw new SluiceError(
      'INVALID_INPUT',
      `this recording has version ${version}; this program reads up to ${formatVersion}`,
    );
  const length = view.getUint32(12, true);
  const end = headFixedBytes + length + 4;
  if (length > maxHeaderBytes || end > source.length) return { header: undefined, end: headFixedBytes };
  const bytes = await source.read(headFixedBytes, end);
  const json = bytes.subarray(0, length);
  if (bytes.length < length + 4 || viewOf(bytes).getUint32(length, true) !== crc32(json))
    return { header: undefined, end: headFixedBytes };
  const text = Array.from(json, (byte) => String.fromCharCode(byte)).join('');
  return { header: recordingHeaderSchema.safeParse(jsonOf(text)).data, end };
}

const indexSchema = z.object({
  blocks: z.array(
    z.tuple([
      z.number(),
      z.number(),
      z.number(),
      z.number(),
      z.number(),
      z.union([z.literal(0), z.literal(1)]),
    ]),
  ),
  events: z.array(eventSchema),
});

async function readIndex(source: ByteSource, codec: RecordingCodec, start: number) {
  const footerAt = source.length - footerBytes;
  if (footerAt < start) return undefined;
  const footer = await source.read(footerAt, source.length);
  if (footer.length < footerBytes || endMagic.some((byte, at) => footer[8 + at] !== byte)) return undefined;
  const offset = viewOf(footer).getFloat64(0, true);
  if (!Number.isSafeInteger(offset) || offset < start || offset > footerAt - blockHeadBytes) return undefined;
  const block = await source.read(offset, footerAt);
  if (decodeBlockHead(block)?.kind !== blockKinds.index) return undefined;
  const parsed = indexSchema.safeParse(jsonOf((await blockText(block, codec)) ?? ''));
  if (!parsed.success) return undefined;
  const blocks = parsed.data.blocks.map(([at, bytes, firstAt, lastAt, records, hasEvents]): BlockEntry => ({
    offset: at,
    bytes,
    firstAt,
    lastAt,
    records,
    hasEvents: hasEvents === 1,
  }));
  const isInside = blocks.every(({ offset: at, bytes }) => at >= start && bytes > 0 && at + bytes <= offset);
  return isInside ? { blocks, events: parsed.data.events } : undefined;
}

async function scan(source: ByteSource, start: number) {
  const blocks: BlockEntry[] = [];
  let damaged = 0;
  let at = start;
  while (at < source.length) {
    const found = await wholeBlockAt(source, at);
    if (found) {
      if (found.kind === blockKinds.index) return { blocks, damaged, unfinishedBytes: 0 };
      blocks.push(found.entry);
      at += found.entry.bytes;
      continue;
    }
    const next = await nextWholeBlock(source, at + 1);
    if (next === undefined) return { blocks, damaged, unfinishedBytes: source.length - at };
    damaged += 1;
    at = next;
  }
  return { blocks, damaged, unfinishedBytes: 0 };
}

async function wholeBlockAt(source: ByteSource, offset: number) {
  const head = decodeBlockHead(await source.read(offset, offset + blockHeadBytes));
  if (!head) return undefined;
  const bytes = blockHeadBytes + head.payloadBytes;
  if (offset + bytes > source.length) return undefined;
  const block = await source.read(offset, offset + bytes);
  if (block.length < bytes || !isBlockWhole(block)) return undefined;
  const { firstAt, lastAt, records, flags, kind } = head;
  const entry: BlockEntry = {
    offset,
    bytes,
    firstAt,
    lastAt,
    records,
    hasEvents: (flags & hasEventsFlag) !== 0,
  };
  return { kind, entry };
}

const searchBytes = 256 * 1024;

/** Where the next block is that is whole, from `from` on. */
async function nextWholeBlock(source: ByteSource, from: number): Promise<number | undefined> {
  for (let start = from; start < source.length; start += searchBytes) {
    // A marker may lie across the end of what is searched.
    const bytes = await source.read(start, start + searchBytes + marker.length - 1);
    let at = bytes.indexOf(marker[0] ?? 0);
    for (; at >= 0 && at < searchBytes; at = bytes.indexOf(marker[0] ?? 0, at + 1)) {
      if (!marker.every((byte, index) => bytes[at + index] === byte)) continue;
      if (await wholeBlockAt(source, start + at)) return start + at;
    }
  }
  return undefined;
}

async function eventsOf(
  source: ByteSource,
  codec: RecordingCodec,
  blocks: readonly BlockEntry[],
): Promise<readonly RecordingEvent[]> {
  const events: RecordingEvent[] = [];
  for (const block of blocks) {
    if (!block.hasEvents) continue;
    const text = (await readBlock(source, codec, block)) ?? '';
    events.push(...eventsIn(text));
    if (events.length >= maxIndexedEvents) break;
  }
  return events.slice(0, maxIndexedEvents);
}

/** The marks and alerts in a block's text. */
export function eventsIn(text: string): readonly RecordingEvent[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('{"kind":"mark"') || line.startsWith('{"kind":"alert"'))
    .flatMap((line) => {
      const parsed = eventSchema.safeParse(jsonOf(line));
      return parsed.success ? [parsed.data] : [];
    });
}
