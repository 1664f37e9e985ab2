/** The recording format's surroundings in Node: zlib off the main thread, and files. */
import type { FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';
import { constants, deflateRaw, inflateRaw } from 'node:zlib';
import type { ByteSource, RecordingCodec } from '#shared/recording/codec.ts';

const deflate = promisify<Uint8Array, { readonly level: number }, Buffer>(deflateRaw);
const inflate = promisify<Uint8Array, { readonly maxOutputLength: number }, Buffer>(inflateRaw);

/** Fast before small: frames repeat themselves, which the fastest level finds as well. */
const level = constants.Z_BEST_SPEED + 1;

export const nodeCodec: RecordingCodec = {
  compress: async (text) => {
    const bytes = Buffer.from(text);
    return { payload: await deflate(bytes, { level }), textBytes: bytes.length };
  },
  decompress: async (payload, maxBytes) =>
    // At least 1: zlib refuses a bound of nothing.
    (await inflate(payload, { maxOutputLength: Math.max(1, maxBytes) })).toString(),
};

/** A file from any place; `length` as it is when it is opened. */
export async function fileSource(file: FileHandle): Promise<ByteSource> {
  const { size } = await file.stat();
  return {
    length: size,
    read: async (start, end) => {
      const wanted = Math.max(0, Math.min(end, size) - start);
      const bytes = Buffer.allocUnsafe(wanted);
      let filled = 0;
      while (filled < wanted) {
        const { bytesRead } = await file.read(bytes, filled, wanted - filled, start + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return bytes.subarray(0, filled);
    },
  };
}
