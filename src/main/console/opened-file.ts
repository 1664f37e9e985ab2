/** The one file that a server shows: read in pieces, and never anything beside it. */
import { open, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { maxOpenedPieceBytes } from '#shared/contract/opened.ts';
import { SluiceError } from '#shared/errors.ts';
import type { Role } from '#shared/vocabulary/live.ts';

/** What is shown at present: the command line has one file for ever, the desktop whichever was opened last. */
export class ShownFile implements AsyncDisposable {
  /** Who may read it: a server that is there for it alone has nothing else that viewers could be after. */
  readonly least: Role;
  #file: OpenedFile | undefined;

  constructor(least: Role) {
    this.least = least;
  }

  get file(): OpenedFile | undefined {
    return this.#file;
  }

  /** Instead of what was shown before. @throws what `OpenedFile.open` throws; nothing changes then */
  async show(path: string): Promise<OpenedFile> {
    const file = await OpenedFile.open(path);
    await this.#file?.[Symbol.asyncDispose]();
    this.#file = file;
    return file;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file?.[Symbol.asyncDispose]();
    this.#file = undefined;
  }
}

export class OpenedFile implements AsyncDisposable {
  readonly name: string;
  readonly bytes: number;
  readonly #file: FileHandle;

  private constructor(name: string, bytes: number, file: FileHandle) {
    this.name = name;
    this.bytes = bytes;
    this.#file = file;
  }

  /** @throws the system's error; SluiceError INVALID_INPUT for what is no file, or has a name that is too long */
  static async open(path: string): Promise<OpenedFile> {
    const file = await open(path, 'r');
    try {
      const found = await file.stat();
      if (!found.isFile()) throw new SluiceError('INVALID_INPUT', `${path} is no file`);
      const name = basename(path);
      if (name.length > 255) throw new SluiceError('INVALID_INPUT', `the name of ${path} is too long`);
      return new OpenedFile(name, found.size, file);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Of the file of that name. @throws SluiceError NOT_FOUND for any other */
  async read(name: string, offset: number, bytes: number): Promise<Uint8Array> {
    if (name !== this.name)
      throw new SluiceError('NOT_FOUND', `${JSON.stringify(name.slice(0, 100))} is not opened here`);
    const wanted = Math.max(0, Math.min(bytes, maxOpenedPieceBytes, this.bytes - offset));
    const piece = Buffer.allocUnsafe(wanted);
    const { bytesRead } = await this.#file.read(piece, 0, wanted, offset);
    return piece.subarray(0, bytesRead);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }
}
