/**
 * A file that appears whole or not at all: bytes go into a hidden file beside it, which takes its place when they are
 * complete. What was there before stays until that moment, and stays for good when the work fails.
 */
import { randomBytes } from 'node:crypto';
import { open, realpath, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { SluiceError } from '#shared/errors.ts';
import { quoted, systemReason } from '#main/config/quoted.ts';

/** Disposing before `commit` discards what was written. */
export interface FileSink extends AsyncDisposable {
  /** Writes all of `bytes` at `offset`. Calls may overlap. */
  write(bytes: Uint8Array, offset: number): Promise<void>;
  /** Checks the length, makes it permanent and puts it in place. */
  commit(lengthBytes: number): Promise<void>;
}

/**
 * Prepares to write `path`, a new or an existing file; a link is followed. A device such as /dev/null is written
 * directly: to replace it would break it.
 * @throws SluiceError INVALID_INPUT, beginning with `name`, when it cannot be written
 */
export async function openFileSink(path: string, name: string): Promise<FileSink> {
  const refuse = (why: string, cause?: unknown) =>
    new SluiceError(
      'INVALID_INPUT',
      `${name} ${quoted(path)} ${why}: allowed is a file in a folder that can be written`,
      {
        cause,
      },
    );
  try {
    const target = await realpath(path).catch(() => resolve(path));
    const found = await stat(target).catch(() => undefined);
    if (found?.isCharacterDevice()) return new DeviceSink(await open(target, 'w'));
    if (found && !found.isFile()) throw refuse(found.isDirectory() ? 'is a folder' : 'is not a file');
    const staging = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.part`);
    return new StagedSink(await open(staging, 'wx', 0o666), staging, target);
  } catch (error) {
    throw error instanceof SluiceError ? error : refuse(`cannot be written (${systemReason(error)})`, error);
  }
}

class StagedSink implements FileSink {
  readonly #file: FileHandle;
  readonly #staging: string;
  readonly #target: string;
  #done = false;

  constructor(file: FileHandle, staging: string, target: string) {
    this.#file = file;
    this.#staging = staging;
    this.#target = target;
  }

  write(bytes: Uint8Array, offset: number): Promise<void> {
    return writeAll(this.#file, bytes, offset);
  }

  async commit(lengthBytes: number): Promise<void> {
    const { size } = await this.#file.stat();
    if (size !== lengthBytes) {
      throw new SluiceError('INVARIANT', `${this.#staging} has ${size} bytes instead of ${lengthBytes}`);
    }
    await this.#file.sync();
    await this.#file.close();
    await rename(this.#staging, this.#target);
    this.#done = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#done) return;
    await this.#file.close();
    await rm(this.#staging, { force: true });
  }
}

class DeviceSink implements FileSink {
  readonly #file: FileHandle;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  write(bytes: Uint8Array, offset: number): Promise<void> {
    return writeAll(this.#file, bytes, offset);
  }

  async commit(): Promise<void> {}

  [Symbol.asyncDispose](): Promise<void> {
    return this.#file.close();
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array, offset: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, offset + done);
    done += bytesWritten;
  }
}
