/** Recordings for tests, as the recorder writes them. */
import type { Frame } from '#shared/model.ts';
import type { ByteSource, RecordingCodec } from '#shared/recording/codec.ts';
import type { RecordingEvent, RecordingHeader, RecordingRecord } from '#shared/recording/records.ts';
import {
  type BlockEntry,
  encodeHeader,
  encodeIndex,
  encodeRecords,
  recordLine,
} from '#shared/recording/writer.ts';
import type { RequestRow } from '#shared/request-model.ts';
import { frameRecord, laneRecord, memoryRecord, slotRecord } from '../state/fixtures.ts';
import { webCodec } from './web-codec.ts';

export const startAt = 1_790_000_000_000;

const header: RecordingHeader = {
  id: '20260101T000000Z-saved-0a0b0c0d',
  name: 'A night',
  note: 'see the end',
  origin: 'saved',
  createdAt: startAt,
  server: { version: '1.0', url: 'http://10.0.0.1:7420', store: 'embedded', host: 'alpha', startedAt: 1 },
};

const codec: RecordingCodec = {
  ...webCodec,
  compress: async (text) => {
    const bytes = new TextEncoder().encode(text);
    const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate-raw'));
    return {
      payload: new Uint8Array(await new Response(stream).arrayBuffer()),
      textBytes: bytes.length,
    };
  },
};

/** A file with these blocks. `end`: `open` has no index, as when it was cut off. */
export async function fileOf(
  blocks: readonly (readonly RecordingRecord[])[],
  end: 'closed' | 'open' = 'closed',
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [encodeHeader(header)];
  const entries: BlockEntry[] = [];
  const events: RecordingEvent[] = [];
  let offset = pieces[0]?.length ?? 0;
  for (const records of blocks) {
    const told = records.filter((record) => record.kind === 'mark' || record.kind === 'alert');
    events.push(...told);
    const span = { firstAt: records[0]?.at ?? 0, lastAt: records.at(-1)?.at ?? 0 };
    const hasEvents = told.length > 0;
    const bytes = await encodeRecords({ lines: records.map(recordLine), ...span, hasEvents }, codec);
    pieces.push(bytes);
    entries.push({ offset, bytes: bytes.length, ...span, records: records.length, hasEvents });
    offset += bytes.length;
  }
  if (end === 'closed') pieces.push(await encodeIndex(entries, events, offset, codec));
  return joined(pieces);
}

export function sourceOfBytes(bytes: Uint8Array): ByteSource {
  return { length: bytes.length, read: async (start, end) => bytes.slice(start, end) };
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Frames of a night: five a second, lanes that come and go, requests now and then, and a hole. */
export function framesOfNight(seconds: number): readonly Frame[] {
  const frames: Frame[] = [];
  let seq = 0;
  for (let tick = 0; tick < seconds * 5; tick += 1) {
    // Nothing was recorded in the third fifth of a minute.
    if (tick % 300 > 120 && tick % 300 < 180) continue;
    const at = startAt + tick * 200;
    const requests: RequestRow[] = [];
    for (let count = tick % 3; count > 0; count -= 1) requests.push(requestRow(seq++, at));
    const lanes = [0, 1, 2].filter((id) => Math.floor(tick / (20 + 7 * id)) % 2 === 0);
    frames.push(
      frameRecord(at, {
        memory: memoryRecord({ ledgerBytes: (tick * 37) % 900, gc: { count: tick, totalMs: tick * 2 } }),
        lanes: lanes.map((id) =>
          laneRecord(id + 3 * Math.floor(tick / 150), {
            startedAt: startAt + id,
            sentBytes: tick,
            diagnosis: tick % 50 < 25 ? 'healthy' : 'client-bound',
            slots: [slotRecord(tick % 4 < 2 ? 'held' : 'receiving')],
          }),
        ),
        requests,
        cursor: seq,
        totals: { requests: seq, sentBytes: seq * 10, storeBytes: 0 },
      }),
    );
  }
  return frames;
}

function requestRow(seq: number, at: number): RequestRow {
  return {
    seq,
    at: at - 20,
    method: 'GET',
    target: `object-${seq % 7}`,
    status: seq % 5 === 0 ? 416 : 206,
    sentBytes: 10,
    durationMs: 10,
    client: '10.0.0.1',
    complete: true,
  };
}

/** Records in blocks of two seconds, as the recorder makes them. */
export function inBlocks(records: readonly RecordingRecord[]): readonly (readonly RecordingRecord[])[] {
  const blocks: RecordingRecord[][] = [];
  for (const record of records) {
    const block = blocks.at(-1);
    if (!block || record.at - (block[0]?.at ?? 0) >= 2000) blocks.push([record]);
    else block.push(record);
  }
  return blocks;
}

export function recordsOf(frames: readonly Frame[]): readonly RecordingRecord[] {
  return frames.map((frame) => ({ kind: 'frame', at: frame.at, frame }));
}
