/** Recordings that a server keeps, and files that it was started to show: both come in pieces of bounded size. */
import { SluiceError } from '#shared/errors.ts';
import type { ByteSource } from '#shared/recording/codec.ts';
import { playableIdSchema } from '#shared/recording/model.ts';
import type { Follower } from '../rpc/follow.ts';
import { inTime } from '../rpc/follow.ts';
import type { BlockSource } from './block-source.ts';

type Call = Follower['call'];

/** @throws what the call throws: NOT_FOUND in a sentence when it is gone */
export async function blocksOfServer(call: Call, id: string): Promise<BlockSource> {
  if (!playableIdSchema.safeParse(id).success)
    throw new SluiceError('NOT_FOUND', `there is no recording ${JSON.stringify(id.slice(0, 100))}`);
  const opened = await inTime(call((client) => client.recordings.open({ id })));
  const { firstAt, lastAt } = opened.blocks;
  const { header, events, damaged, unfinishedBytes, firstBlock } = opened;
  return {
    header,
    blocks: firstAt.map((at, index) => ({ firstAt: at, lastAt: lastAt[index] ?? at })),
    events,
    damaged,
    unfinishedBytes,
    read: async (index) => {
      const page = await inTime(call((client) => client.recordings.read({ id, from: firstBlock + index })));
      return page.blocks.map(bytesOfBase64);
    },
  };
}

/** The file that the server was started with. */
export function openedSource(call: Call, name: string, length: number): ByteSource {
  return {
    length,
    read: async (start, end) => {
      const wanted = new Uint8Array(Math.max(0, Math.min(end, length) - start));
      let filled = 0;
      while (filled < wanted.length) {
        const offset = start + filled;
        const piece = await inTime(
          call((client) => client.opened.read({ name, offset, bytes: wanted.length - filled })),
        );
        const bytes = bytesOfBase64(piece.base64);
        if (bytes.length === 0) break;
        wanted.set(bytes.subarray(0, wanted.length - filled), filled);
        filled += bytes.length;
      }
      return wanted.subarray(0, filled);
    },
  };
}

function bytesOfBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
