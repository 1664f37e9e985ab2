/** What is kept all the time, told as if it were a recording: so that it can be looked at without being saved. */
import { rollingId, type RecordingContents } from '#shared/recording/model.ts';
import { maxIndexedEvents, type RecordingHeader } from '#shared/recording/records.ts';
import type { Rolling } from './rolling.ts';
import { blockColumns } from './saved.ts';

/** `undefined` while there is nothing. */
export function rollingContents(rolling: Rolling, header: RecordingHeader): RecordingContents | undefined {
  const { entries, events } = rolling.contents;
  const [first] = entries;
  if (!first) return undefined;
  const { name, note, origin, createdAt } = header;
  return {
    header,
    summary: {
      id: rollingId,
      name,
      note,
      origin,
      createdAt,
      firstAt: first.firstAt,
      lastAt: entries.at(-1)?.lastAt ?? first.lastAt,
      bytes: rolling.bytes,
      marks: events.filter(({ kind }) => kind === 'mark').length,
      alerts: events.filter(({ kind }) => kind === 'alert').length,
      isWhole: true,
    },
    firstBlock: rolling.firstBlock,
    blocks: blockColumns(entries),
    events: events.slice(-maxIndexedEvents),
    damaged: 0,
    unfinishedBytes: 0,
  };
}
