/**
 * A recording written anew with another name, note or marks: everything else goes over as it is, blocks that have no
 * such mark without being packed again. There are as many blocks as before, so whoever reads in pages goes on.
 */
import { open } from 'node:fs/promises';
import { SluiceError } from '#shared/errors.ts';
import type { EditInput } from '#shared/recording/model.ts';
import { blockText, eventsIn, type OpenedRecording } from '#shared/recording/reader.ts';
import { eventSchema, jsonOf, type Mark, type RecordingEvent } from '#shared/recording/records.ts';
import { encodeRecords, recordLine, type BlockEntry } from '#shared/recording/writer.ts';
import { fileSource, nodeCodec } from './node-codec.ts';
import { RecordingFile } from './recording-file.ts';

export interface Changes {
  /** What is absent stays. */
  readonly header?: EditInput;
  /** The mark with this id gets the note; without one it goes. */
  readonly mark?: { readonly id: string; readonly note?: string };
}

interface Rewriting {
  readonly from: string;
  readonly opened: OpenedRecording;
  /** Where nothing is yet. */
  readonly to: string;
  readonly changes: Changes;
}

/**
 * Writes `to`, and closes it.
 * @throws SluiceError NOT_FOUND when the mark is not in the recording, INVALID_INPUT when its header cannot be read;
 * the system's error. What there is of `to` then is the caller's.
 */
export async function rewritten({ from, opened, to, changes }: Rewriting): Promise<void> {
  const { header, blocks } = opened;
  if (!header) throw new SluiceError('INVALID_INPUT', 'the head of this recording is damaged');
  await using source = await open(from, 'r');
  const bytes = await fileSource(source);
  const { name = header.name, note = header.note } = changes.header ?? {};
  const file = await RecordingFile.create(to, { ...header, name, note });
  let changed = 0;
  try {
    for (const entry of blocks) {
      const data = await bytes.read(entry.offset, entry.offset + entry.bytes);
      const block = await changedBlock({ entry, data }, changes.mark);
      changed += block.changed;
      await file.append(block);
    }
    if (changes.mark && changed === 0)
      throw new SluiceError('NOT_FOUND', 'this mark is not in the recording any more');
  } catch (error) {
    await file.abandon().catch(() => undefined);
    throw error;
  }
  await file.close();
}

interface Block {
  readonly entry: BlockEntry;
  readonly data: Uint8Array;
}

async function changedBlock({ entry, data }: Block, mark: Changes['mark']) {
  const { firstAt, lastAt, records, hasEvents } = entry;
  const plain = { data, firstAt, lastAt, records, hasEvents, changed: 0 };
  if (!hasEvents) return { ...plain, events: [] };
  const text = (await blockText(data, nodeCodec)) ?? '';
  if (!mark || !text.includes(mark.id)) return { ...plain, events: eventsIn(text) };
  const lines = text.split('\n').filter((line) => line !== '');
  const next = lines.flatMap((line) => changedLine(line, mark));
  const events: readonly RecordingEvent[] = eventsIn(next.join('\n'));
  const content = { lines: next.map((line) => `${line}\n`), firstAt, lastAt, hasEvents: events.length > 0 };
  return {
    ...content,
    data: await encodeRecords(content, nodeCodec),
    records: next.length,
    events,
    changed: lines.filter((line) => isMark(line, mark.id)).length,
  };
}

/** The line as it is, as it becomes, or none. */
function changedLine(line: string, { id, note }: NonNullable<Changes['mark']>): readonly string[] {
  const found = markIn(line);
  if (found?.mark.id !== id) return [line];
  if (note === undefined) return [];
  return [recordLine({ kind: 'mark', at: found.at, mark: { ...found.mark, note } }).trimEnd()];
}

function isMark(line: string, id: string): boolean {
  return markIn(line)?.mark.id === id;
}

function markIn(line: string): { readonly at: number; readonly mark: Mark } | undefined {
  if (!line.startsWith('{"kind":"mark"')) return undefined;
  const parsed = eventSchema.safeParse(jsonOf(line)).data;
  return parsed?.kind === 'mark' ? parsed : undefined;
}
