/**
 * zstd from the runtime where it has one (Node 22.15 and 23.8 on), else the `zstd` command. Electron 33, which the
 * tests run on, has none.
 */
import { pipeline, type Readable } from 'node:stream';
import * as zlib from 'node:zlib';
import { plainEnvironment } from './git.ts';
import { readOutput, startProgram } from './process.ts';

export type ZstdProvider = 'node:zlib' | 'zstd command';

export function zstdProvider(): ZstdProvider {
  return 'createZstdCompress' in zlib ? 'node:zlib' : 'zstd command';
}

/**
 * `input` compressed, as it is read. Ends without an error only when all of `input` was compressed.
 * @throws SluiceError PROCESS_FAILED, ABORTED; whatever `input` fails with
 */
export async function* compress(
  input: Readable,
  signal: AbortSignal,
  provider: ZstdProvider = zstdProvider(),
): AsyncGenerator<Uint8Array, void, undefined> {
  if (provider === 'zstd command') {
    await using program = startProgram(
      'zstd',
      ['-q', '-3', '-T0', '-c'],
      { env: plainEnvironment() },
      signal,
    );
    const fed = feed(input, program.input);
    yield* readOutput(program);
    await fed;
    return;
  }
  const { ZSTD_c_checksumFlag, ZSTD_c_compressionLevel } = zlib.constants;
  const compressor = zlib.createZstdCompress({
    params: { [ZSTD_c_compressionLevel]: 3, [ZSTD_c_checksumFlag]: 1 },
  });
  const fed = feed(input, compressor);
  yield* compressor as AsyncIterable<Uint8Array>;
  await fed;
}

/** Moves all of `input`; a failure of either side destroys both. */
function feed(input: Readable, output: NodeJS.WritableStream): Promise<void> {
  const done = new Promise<void>((resolve, reject) => {
    pipeline(input, output, (error) => (error ? reject(error) : resolve()));
  });
  done.catch(() => undefined);
  return done;
}
