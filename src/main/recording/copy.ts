/** Blocks from one recording into another, as they are: nothing is compressed again. */
import { eventsIn, blockText } from '#shared/recording/reader.ts';
import type { BlockEntry } from '#shared/recording/writer.ts';
import { nodeCodec } from './node-codec.ts';
import type { RecordingFile } from './recording-file.ts';

export interface StoredBlock {
  readonly entry: BlockEntry;
  readonly data: Uint8Array;
}

/** Appends the blocks that are whole, and closes the file; what fails leaves it closed without an index. */
export async function copyInto(
  file: RecordingFile,
  blocks: AsyncIterable<StoredBlock> | Iterable<StoredBlock>,
): Promise<void> {
  try {
    for await (const { entry, data } of blocks) {
      const { firstAt, lastAt, records, hasEvents } = entry;
      // Only blocks with events are looked into.
      const text = hasEvents ? await blockText(data, nodeCodec) : '';
      if (text === undefined) continue;
      await file.append({ data, firstAt, lastAt, records, hasEvents, events: eventsIn(text) });
    }
  } catch (error) {
    await file.abandon().catch(() => undefined);
    throw error;
  }
  await file.close();
}
