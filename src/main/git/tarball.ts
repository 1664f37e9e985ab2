/** `tar` of a folder, compressed with zstd; neither runs ahead of who reads. */
import type { Readable } from 'node:stream';
import { isSluiceError } from '#shared/errors.ts';
import { plainEnvironment } from './git.ts';
import { startProgram } from './process.ts';
import { compress, zstdProvider, type ZstdProvider } from './zstd.ts';

export interface TarballOptions {
  /** What goes in, below the folder: `.` for all of it. */
  readonly content: string;
  readonly zstd?: ZstdProvider | undefined;
  /** Gets how many bytes tar has written so far, before compression. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/** How often progress is worth telling. */
const stepBytes = 1024 * 1024;

/**
 * The archive of `content` in `folder`, to be read once. Ends without an error only when it is complete.
 * @throws SluiceError PROCESS_FAILED, ABORTED
 */
export async function* tarball(
  folder: string,
  { content, zstd = zstdProvider(), onBytes }: TarballOptions,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const args = ['-C', folder, '--numeric-owner', '-cf', '-', '--', content];
  await using tar = startProgram('tar', args, { env: plainEnvironment() }, signal);
  tar.input.end();
  try {
    yield* compress(onBytes ? counted(tar.output, onBytes) : tar.output, signal, zstd);
  } catch (error) {
    // A compressor whose input broke off can only say so; tar knows why.
    if (!isSluiceError(error)) await tar.finished;
    throw error;
  }
  await tar.finished;
}

async function* counted(stream: Readable, onBytes: (bytes: number) => void) {
  let bytes = 0;
  let told = 0;
  for await (const piece of stream as AsyncIterable<Uint8Array>) {
    bytes += piece.length;
    yield piece;
    if (bytes - told >= stepBytes) onBytes((told = bytes));
  }
  onBytes(bytes);
}
