/**
 * Extracts an archive as its bytes arrive: zstd, then a look at what there is (restore-tar.ts), then tar. Backpressure
 * is one chain: tar's input holds up zstd's output, zstd's input holds up the download, so nothing piles up. tar gets
 * an empty folder and none of the flags that would let it leave it or keep owners and special bits.
 */
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import * as zlib from 'node:zlib';
import { plainEnvironment } from '#main/git/git.ts';
import { runProgram, startProgram, type Program } from '#main/git/process.ts';
import { isSluiceError, messageOf, SluiceError } from '#shared/errors.ts';
import type { DownloadSink } from './download.ts';
import { MemberRules } from './restore-members.ts';
import { TarReader } from './restore-tar.ts';

/** Disposing before `finish` has resolved ends the programs; what is in the folder is undefined then. */
export interface Extraction extends DownloadSink, AsyncDisposable {
  /**
   * Resolves when everything has been extracted.
   * @throws SluiceError STORE_MISBEHAVED for what is no archive of a clone; PROCESS_FAILED (disk full), ABORTED
   */
  finish(): Promise<void>;
}

const tarFlags = ['--no-same-owner', '--no-same-permissions', '--keep-old-files'];

/** Prepares to extract a `.tar.zst` into `folder`, which is empty. @throws SluiceError PROCESS_FAILED */
export async function extractInto(folder: string, signal: AbortSignal): Promise<Extraction> {
  const decompressor = await startDecompressor(signal);
  const env = plainEnvironment();
  const tar = startProgram('tar', ['-C', folder, ...tarFlags, '-xf', '-'], { env }, signal);
  return new PipedExtraction(decompressor, tar);
}

class PipedExtraction implements Extraction {
  readonly #decompressor: Decompressor;
  readonly #tar: Program;
  readonly #unpacked: Promise<void>;

  constructor(decompressor: Decompressor, tar: Program) {
    this.#decompressor = decompressor;
    this.#tar = tar;
    this.#unpacked = this.#unpack();
    this.#unpacked.catch(() => undefined);
  }

  async write(bytes: Uint8Array): Promise<void> {
    try {
      await writeTo(this.#decompressor.input, bytes);
    } catch (error) {
      // A pipe that broke can only say so; what it was broken by is known at its other end.
      await this.#unpacked;
      throw error;
    }
  }

  async finish(): Promise<void> {
    this.#decompressor.input.end();
    await this.#unpacked;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#decompressor[Symbol.asyncDispose]();
    await this.#tar[Symbol.asyncDispose]();
    await this.#unpacked.catch(() => undefined);
  }

  async #unpack(): Promise<void> {
    try {
      await this.#pump();
    } catch (error) {
      this.#tar.input.destroy();
      await this.#decompressor[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #pump(): Promise<void> {
    const rules = new MemberRules();
    const reader = new TarReader((member) => rules.check(member));
    this.#tar.output.resume();
    for await (const bytes of this.#decompressor.output) {
      reader.add(bytes);
      await writeTo(this.#tar.input, bytes).catch((error: unknown) => this.#whyTarFailed(error));
    }
    reader.end();
    this.#tar.input.end();
    await this.#tar.finished.catch((error: unknown) => this.#whyTarFailed(error));
  }

  /** tar's last line only says that it has failed; the first one says why. */
  async #whyTarFailed(broken: unknown): Promise<never> {
    const error: unknown = await this.#tar.finished.then(
      () => broken,
      (failure: unknown) => failure,
    );
    const said =
      isSluiceError(error, 'PROCESS_FAILED') && error.cause instanceof Error ? error.cause.message : '';
    const why = said.split('\n').find((line) => line.startsWith('tar: ') && !line.startsWith('tar: Exiting'));
    if (why === undefined) throw error;
    throw new SluiceError('PROCESS_FAILED', `the archive could not be extracted: ${why.slice(5)}`, {
      cause: error,
    });
  }
}

/** Resolves when `output` no longer needs `bytes`. */
function writeTo(output: Writable, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    output.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}

interface Decompressor extends AsyncDisposable {
  readonly input: Writable;
  /** Ends without an error only when the input was complete. */
  readonly output: AsyncIterable<Uint8Array>;
}

/** The command where there is one: it works beside us, and it also reads what consists of several frames. */
async function startDecompressor(signal: AbortSignal): Promise<Decompressor> {
  const env = plainEnvironment();
  const hasCommand = await runProgram('zstd', ['--version'], { env }, signal).then(
    () => true,
    (error: unknown) => {
      if (isSluiceError(error, 'ABORTED') || !('createZstdDecompress' in zlib)) throw error;
      return false;
    },
  );
  if (!hasCommand) return decompressHere(zlib.createZstdDecompress());
  const zstd = startProgram('zstd', ['-q', '-d', '-c'], { env }, signal);
  return {
    input: zstd.input,
    output: outputOf(zstd),
    [Symbol.asyncDispose]: () => zstd[Symbol.asyncDispose](),
  };
}

async function* outputOf(zstd: Program): AsyncGenerator<Uint8Array, void> {
  const broken = (error: unknown): never => {
    if (!isSluiceError(error, 'PROCESS_FAILED')) throw error;
    throw notZstd(error);
  };
  yield* zstd.output as AsyncIterable<Uint8Array>;
  await zstd.finished.catch(broken);
}

function decompressHere(stream: Writable & Readable): Decompressor {
  const output = async function* () {
    try {
      yield* stream as AsyncIterable<Uint8Array>;
    } catch (error) {
      throw notZstd(error);
    }
  };
  stream.on('error', () => undefined);
  // What comes after the end of a frame would never be taken, and its writer would wait for ever.
  stream.once('end', () => stream.destroy());
  return {
    input: stream,
    output: output(),
    async [Symbol.asyncDispose]() {
      if (stream.closed) return;
      const closed = once(stream, 'close');
      stream.destroy();
      await closed;
    },
  };
}

function notZstd(cause: unknown): SluiceError {
  const message = `the archive is damaged, or not compressed with zstd: ${messageOf(cause)}`;
  return new SluiceError('STORE_MISBEHAVED', message, { cause });
}
