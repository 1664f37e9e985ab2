/**
 * zstd: the `zstd` command where it is installed, because it compresses on all cores, else the runtime's own (Node
 * 22.15 and 23.8 on), which uses one.
 *
 * The runtime's takes a number of workers too (`ZSTD_c_nbWorkers`), but not with success: Node 24.21 then ends the
 * stream after 0.6 MB of the 47 MB that 200 MB of source code should give, without an error. For 260 MB of source code
 * it spends 1.4 s of this process's threads, 1.5 to 1.8 s in all; the command 0.4 s here, for moving the bytes, and
 * 1.1 s in all on two cores that had other work too. It holds 55 MB for two cores, whatever the input's length.
 */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as zlib from 'node:zlib';
import { SluiceError } from '#shared/errors.ts';
import { plainEnvironment } from './git.ts';
import { feedProgram, readOutput, startProgram } from './process.ts';

export type ZstdProvider = 'node:zlib' | 'zstd command';

/** Bytes as they come: a stream, or what yields them. */
type Input = AsyncIterable<Uint8Array> | Readable;

const hasOwn = 'createZstdCompress' in zlib;

/** What compresses here. Where there is nothing, `zstd command`, which then says what to install. */
export function zstdProvider(): ZstdProvider {
  return isInstalled('zstd') || !hasOwn ? 'zstd command' : 'node:zlib';
}

/**
 * `input` compressed, as it is read. Ends without an error only when all of `input` was compressed.
 * @throws SluiceError PROCESS_FAILED, ABORTED; whatever `input` fails with
 */
export async function* compress(
  input: Input,
  signal: AbortSignal,
  provider: ZstdProvider = zstdProvider(),
): AsyncGenerator<Uint8Array, void, undefined> {
  if (provider === 'zstd command') {
    yield* throughCommand(['-q', '-3', '-T0', '-c'], input, signal);
    return;
  }
  const { ZSTD_c_checksumFlag, ZSTD_c_compressionLevel } = zlib.constants;
  const params = { [ZSTD_c_compressionLevel]: 3, [ZSTD_c_checksumFlag]: 1 };
  yield* throughRuntime(zlib.createZstdCompress({ params }), input, signal);
}

/**
 * `input` decompressed, as it is read. Ends without an error only when `input` was complete. Windows over 128 MiB are
 * refused, so that no archive can say how much memory is used.
 * @throws SluiceError PROCESS_FAILED for what is no zstd, or not all of it; ABORTED; whatever `input` fails with
 */
export async function* decompress(
  input: Input,
  signal: AbortSignal,
  provider: ZstdProvider = zstdProvider(),
): AsyncGenerator<Uint8Array, void, undefined> {
  if (provider === 'zstd command') {
    yield* throughCommand(['-q', '-d', '-c'], input, signal);
    return;
  }
  yield* throughRuntime(zlib.createZstdDecompress(), input, signal);
}

async function* throughCommand(
  args: readonly string[],
  input: Input,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  await using program = startProgram('zstd', args, { env: plainEnvironment() }, signal);
  let failure: { readonly error: unknown } | undefined;
  const feeding = feedProgram(program, input).catch((error: unknown) => {
    failure = { error };
  });
  try {
    yield* readOutput(program);
    await feeding;
  } catch (error) {
    if (!failure && isInstalled('zstd')) throw error;
    if (!failure) {
      const remedy =
        'zstd is not installed, and this Node has none of its own: install it (apt-get install zstd)';
      throw new SluiceError('PROCESS_FAILED', remedy, { cause: error });
    }
  }
  // To zstd, an input that broke off looks like one that ended.
  if (failure) throw failure.error;
}

async function* throughRuntime(
  stream: NodeJS.ReadWriteStream,
  input: Input,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const feeding = feed(input, stream, signal);
  try {
    yield* stream as AsyncIterable<Uint8Array>;
    await feeding.done;
  } catch (error) {
    if (signal.aborted) throw new SluiceError('ABORTED', 'zstd was cancelled', { cause: signal.reason });
    if (feeding.failure() !== undefined) throw feeding.failure();
    if (!isZstdError(error)) throw error;
    throw new SluiceError('PROCESS_FAILED', `zstd failed: ${error.message}`, { cause: error });
  }
}

/**
 * Moves all of `input`; a failure of either side destroys both. `failure` is what `input` itself failed with: to zstd
 * that looks like an archive that is cut off.
 */
function feed(input: Input, output: NodeJS.WritableStream, signal?: AbortSignal) {
  let failure: unknown;
  const pieces = async function* () {
    try {
      yield* input;
    } catch (error) {
      failure = error;
      throw error;
    }
  };
  const done = pipeline(pieces, output, signal ? { signal } : {});
  done.catch(() => undefined);
  return { done, failure: () => failure };
}

function isZstdError(error: unknown): error is Error {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return error instanceof Error && typeof code === 'string' && /^(?:ZSTD_|Z_|ERR_ZLIB)/.test(code);
}

function isInstalled(command: string): boolean {
  const names = process.platform === 'win32' ? [`${command}.exe`] : [command];
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.some((folder) => names.some((name) => isExecutable(join(folder, name))));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
