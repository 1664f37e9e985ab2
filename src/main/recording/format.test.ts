import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSluiceError } from '#shared/errors.ts';
import { ledgerAges, ledgerPurposes } from '#shared/profile/ledger-owner.ts';
import type { ByteSource } from '#shared/recording/codec.ts';
import { openRecording, readBlock } from '#shared/recording/reader.ts';
import {
  parseRecords,
  type RecordingEvent,
  type RecordingHeader,
  type RecordingRecord,
} from '#shared/recording/records.ts';
import {
  encodeHeader,
  encodeIndex,
  encodeRecords,
  recordLine,
  type BlockEntry,
} from '#shared/recording/writer.ts';
import { ledgerStates } from '#shared/vocabulary/live.ts';
import { nodeCodec } from './node-codec.ts';

const header: RecordingHeader = {
  id: 'a',
  name: 'Nächtlich “03:12” 🌧',
  note: 'line\nbreak',
  origin: 'manual',
  createdAt: 1_700_000_000_000,
  server: { version: '1', url: 'http://127.0.0.1:1', store: 'embedded', host: 'h', startedAt: 1 },
};

const markRecord = fc
  .record({ at: fc.integer({ min: 0, max: 1e12 }), note: fc.string({ unit: 'grapheme', maxLength: 60 }) })
  .map(({ at, note }): RecordingRecord => ({ kind: 'mark', at, mark: { id: 'm', at, note } }));
const gapRecord = fc
  .integer({ min: 0, max: 1e12 })
  .map((at): RecordingRecord => ({ kind: 'gap', at, droppedFrames: at % 7 }));
const ownersRecord = fc
  .record({
    at: fc.integer({ min: 0, max: 1e12 }),
    owners: fc.array(
      fc.record({
        purpose: fc.constantFrom(...ledgerPurposes),
        client: fc.ipV4(),
        object: fc.string({ unit: 'grapheme', maxLength: 40 }),
        tier: fc.constantFrom('store', 'disk', 'none'),
        state: fc.constantFrom(...ledgerStates, '' as const),
        age: fc.constantFrom(...ledgerAges),
        bytes: fc.nat(),
        count: fc.nat(),
      }),
      { maxLength: 8 },
    ),
  })
  .map(({ at, owners }): RecordingRecord => {
    const totalBytes = owners.reduce((sum, { bytes }) => sum + bytes, 0);
    return { kind: 'owners', at, ledger: { at, totalBytes, owners } };
  });
const anyRecord = fc.oneof(markRecord, gapRecord, ownersRecord);
const blocksOfRecords = fc.array(fc.array(anyRecord, { minLength: 1, maxLength: 6 }), {
  minLength: 1,
  maxLength: 6,
});

interface Written {
  readonly bytes: Uint8Array;
  readonly entries: readonly BlockEntry[];
  /** Where the blocks end, before the index. */
  readonly blocksEnd: number;
}

async function write(blocks: readonly (readonly RecordingRecord[])[]): Promise<Written> {
  const pieces: Uint8Array[] = [encodeHeader(header)];
  const entries: BlockEntry[] = [];
  let offset = pieces[0]?.length ?? 0;
  for (const records of blocks) {
    const times = records.map(({ at }) => at);
    const span = { firstAt: Math.min(...times), lastAt: Math.max(...times) };
    const hasEvents = records.some(({ kind }) => kind === 'mark');
    const bytes = await encodeRecords({ lines: records.map(recordLine), ...span, hasEvents }, nodeCodec);
    pieces.push(bytes);
    entries.push({ offset, bytes: bytes.length, ...span, records: records.length, hasEvents });
    offset += bytes.length;
  }
  const events = blocks.flat().filter((record): record is RecordingEvent => record.kind === 'mark');
  pieces.push(await encodeIndex(entries, events, offset, nodeCodec));
  return { bytes: Buffer.concat(pieces), entries, blocksEnd: offset };
}

function sourceOf(bytes: Uint8Array): ByteSource {
  return { length: bytes.length, read: async (start, end) => bytes.slice(start, end) };
}

/** Everything that can be read, block by block; `undefined` for a block that is damaged. */
async function readAll(bytes: Uint8Array) {
  const source = sourceOf(bytes);
  const opened = await openRecording(source, nodeCodec);
  const texts = await Promise.all(opened.blocks.map((block) => readBlock(source, nodeCodec, block)));
  return { opened, blocks: texts.map((text) => text && parseRecords(text).records) };
}

describe('a recording', () => {
  it('gives back what was written', async () => {
    await fc.assert(
      fc.asyncProperty(blocksOfRecords, async (blocks) => {
        const { bytes, entries } = await write(blocks);
        const read = await readAll(bytes);
        expect(read.blocks).toEqual(blocks);
        expect(read.opened).toEqual({
          header,
          blocks: entries,
          events: blocks.flat().filter(({ kind }) => kind === 'mark'),
          isClosed: true,
          damaged: 0,
          unfinishedBytes: 0,
        });
      }),
      { numRuns: 40 },
    );
  });

  it('that ends anywhere is its whole blocks, with their marks', async () => {
    await fc.assert(
      fc.asyncProperty(blocksOfRecords, fc.double({ min: 0, max: 1, noNaN: true }), async (blocks, share) => {
        const { bytes, entries, blocksEnd } = await write(blocks);
        const first = entries[0]?.offset ?? 0;
        const cut = Math.floor(first + share * (blocksEnd - first));
        const whole = entries.filter((entry) => entry.offset + entry.bytes <= cut).length;
        const { opened, blocks: read } = await readAll(bytes.subarray(0, cut));
        expect(read).toEqual(blocks.slice(0, whole));
        expect(opened.events).toEqual(
          blocks
            .slice(0, whole)
            .flat()
            .filter(({ kind }) => kind === 'mark'),
        );
        expect(opened.header).toEqual(header);
        expect(opened.isClosed).toBe(false);
        expect(opened.damaged).toBe(0);
        const kept = entries[whole - 1];
        expect(opened.unfinishedBytes).toBe(cut - (kept ? kept.offset + kept.bytes : first));
      }),
      { numRuns: 60 },
    );
  });

  it('with one byte changed loses that block and no other, and says so', async () => {
    await fc.assert(
      fc.asyncProperty(
        blocksOfRecords,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 255 }),
        fc.boolean(),
        async (blocks, share, flip, isClosed) => {
          const written = await write(blocks);
          const { entries, blocksEnd } = written;
          const bytes = Uint8Array.from(isClosed ? written.bytes : written.bytes.subarray(0, blocksEnd));
          const first = entries[0]?.offset ?? 0;
          const at = Math.min(blocksEnd - 1, Math.floor(first + share * (blocksEnd - first)));
          bytes[at] = (bytes[at] ?? 0) ^ flip;
          const hit = entries.findIndex((entry) => at < entry.offset + entry.bytes);
          const { opened, blocks: read } = await readAll(bytes);
          expect(read.filter((records) => records !== undefined)).toEqual(blocks.toSpliced(hit, 1));
          const unread = read.filter((records) => records === undefined).length;
          const lost = unread + opened.damaged + (opened.unfinishedBytes > 0 ? 1 : 0);
          expect(lost).toBe(1);
        },
      ),
      { numRuns: 80 },
    );
  });

  it('is read by its blocks when its index or its header is damaged', async () => {
    const records: RecordingRecord[] = [{ kind: 'gap', at: 5, droppedFrames: 1 }];
    const { bytes, blocksEnd } = await write([records, records]);
    for (const at of [20, blocksEnd + 45, bytes.length - 3]) {
      const damaged = Uint8Array.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ 0x10;
      const read = await readAll(damaged);
      expect(read.blocks).toEqual([records, records]);
      expect(read.opened.header === undefined).toBe(at === 20);
    }
  });

  it('is refused in a sentence when it is none, or of a later version', async () => {
    const { bytes } = await write([[{ kind: 'gap', at: 5, droppedFrames: 1 }]]);
    const later = Uint8Array.from(bytes);
    later[8] = 9;
    for (const [input, sentence] of [
      [new Uint8Array(0), /not a recording of Sluice/],
      [Buffer.from('PK a zip, and no recording at all'), /not a recording of Sluice/],
      [later, /has version 9; this program reads up to 1/],
    ] as const) {
      const error: unknown = await openRecording(sourceOf(input), nodeCodec).catch(
        (reason: unknown) => reason,
      );
      expect(isSluiceError(error, 'INVALID_INPUT') && error.message).toMatch(sentence);
    }
  });
});
