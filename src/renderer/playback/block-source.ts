/**
 * Where the blocks of a recording come from: a file of this machine, a server that keeps it, or the program that was
 * started to show it. What plays them does not know which.
 */
import type { ByteSource } from '#shared/recording/codec.ts';
import { openRecording } from '#shared/recording/reader.ts';
import type { RecordingEvent, RecordingHeader } from '#shared/recording/records.ts';
import { webCodec } from './web-codec.ts';

/** A block: the times that it covers. */
interface BlockSpan {
  readonly firstAt: number;
  readonly lastAt: number;
}

export interface RecordingFacts {
  /** `undefined` when it is damaged: nothing is known of the server then. */
  readonly header: RecordingHeader | undefined;
  /** In the order of their times. */
  readonly blocks: readonly BlockSpan[];
  /** Marks and alerts. */
  readonly events: readonly RecordingEvent[];
  /** Places that were skipped because they are damaged, and bytes at the end that are no whole block. */
  readonly damaged: number;
  readonly unfinishedBytes: number;
}

export interface BlockSource extends RecordingFacts {
  /**
   * The bytes of block `index`, and of those after it that came with it. Nothing when it is not kept any more.
   * @throws what reading throws
   */
  read(index: number): Promise<readonly Uint8Array[]>;
}

/** Of a file. @throws SluiceError INVALID_INPUT in a sentence for what is no recording */
export async function blocksOfFile(source: ByteSource): Promise<BlockSource> {
  const { header, blocks, events, damaged, unfinishedBytes } = await openRecording(source, webCodec);
  return {
    header,
    blocks,
    events,
    damaged,
    unfinishedBytes,
    read: async (index) => {
      const block = blocks[index];
      return block ? [await source.read(block.offset, block.offset + block.bytes)] : [];
    },
  };
}
