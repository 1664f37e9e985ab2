/**
 * Files that somebody has opened in this page: they stay where they are, and only what is looked at is read. Addresses
 * name them; whoever has such an address and not the file is asked for it.
 */
import type { Hello } from '#shared/model.ts';
import { Signal } from './signal.ts';

/** What an address says before the name of a file. */
const prefix = 'file:';

/** What an incident bundle says beside its recording. */
export interface BundleFacts {
  readonly name: string;
  readonly notes: string;
  /** What is not in it, and what still is: a line for each. */
  readonly redactions: readonly string[];
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
}

export interface OpenedRecordingFile {
  /** Another one for each opening: a file of the same name may be another file. */
  readonly id: number;
  readonly name: string;
  readonly file: Blob;
  /** Where it came out of. */
  readonly bundle?: BundleFacts | undefined;
}

/** The newest; the oldest are forgotten. */
const mostFiles = 8;

class OpenedFiles {
  readonly changed = new Signal(0);
  readonly #files = new Map<string, OpenedRecordingFile>();
  #nextId = 1;
  #ofServer: Hello['opens'];

  /** What an address calls it from now on. */
  add(opened: Omit<OpenedRecordingFile, 'id'>): string {
    this.#files.delete(opened.name);
    this.#files.set(opened.name, { ...opened, id: this.#nextId++ });
    for (const name of this.#files.keys()) if (this.#files.size > mostFiles) this.#files.delete(name);
    this.changed.touch();
    return addressOfFile(opened.name);
  }

  get(name: string): OpenedRecordingFile | undefined {
    return this.#files.get(name);
  }

  /** The file that the server shows, instead of the one before. */
  setOfServer(file: NonNullable<Hello['opens']>): string {
    this.#files.delete(file.name);
    this.#ofServer = file;
    this.changed.touch();
    return addressOfFile(file.name);
  }

  /** How long that file is, if it has this name. */
  bytesOfServer(name: string): number | undefined {
    return this.#ofServer?.name === name ? this.#ofServer.bytes : undefined;
  }
}

export const theOpenedFiles = new OpenedFiles();

function addressOfFile(name: string): string {
  return `${prefix}${name}`;
}

/** The name of the file that an address is about; `undefined` when it is about a recording of the server. */
export function fileOfAddress(recording: string): string | undefined {
  return recording.startsWith(prefix) ? recording.slice(prefix.length) : undefined;
}
