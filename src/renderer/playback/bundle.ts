/**
 * Incident bundles, taken apart in the page: a tar archive in gzip (main/incident makes it). Pieces go into blobs as
 * they come, so that no part of it has to be in the page's memory as a whole.
 */
import { SluiceError } from '#shared/errors.ts';
import { formatBytes, MiB } from '#shared/units.ts';
import type { BundleFacts } from '../state/opened-files.ts';

const blockBytes = 512;
/** More is no bundle of ours. */
const mostBytes = 1024 * MiB;
const mostFiles = 200;
/** Of a text that is shown. */
const mostTextBytes = MiB;

interface BundlePart {
  /** Without the folder that all of them are in. */
  readonly name: string;
  readonly content: Blob;
}

export interface OpenedBundle extends BundleFacts {
  readonly recording: Blob | undefined;
  readonly profiles: readonly BundlePart[];
}

/** @throws SluiceError INVALID_INPUT in a sentence for what is no bundle */
export async function openBundle(name: string, file: Blob): Promise<OpenedBundle> {
  const parts = await partsOf(file);
  const find = (wanted: string): Blob | undefined => parts.find((part) => part.name === wanted)?.content;
  const text = async (wanted: string): Promise<string> =>
    (await find(wanted)?.slice(0, mostTextBytes).text())?.trim() ?? '';
  const redactions = await text('redactions.txt');
  if (!find('recording.sluicerec') && redactions === '')
    throw new SluiceError('INVALID_INPUT', `${name} is an archive, but no incident bundle of Sluice`);
  return {
    name,
    notes: await text('notes.txt'),
    redactions: redactions.split('\n').filter((line) => line !== ''),
    files: parts.map((part) => ({ name: part.name, bytes: part.content.size })),
    recording: find('recording.sluicerec'),
    profiles: parts.filter(isProfile),
  };
}

function isProfile({ name }: BundlePart): boolean {
  return /(\.heapprofile|\.cpuprofile|\.heapsnapshot|\.pb\.gz|\.pprof|\.folded)$/.test(name);
}

/** @throws SluiceError INVALID_INPUT */
async function partsOf(file: Blob): Promise<readonly BundlePart[]> {
  const bytes = new Pieces(file.stream().pipeThrough(new DecompressionStream('gzip')));
  const parts: BundlePart[] = [];
  try {
    for (let head = await bytes.take(blockBytes); head.some(Boolean); head = await bytes.take(blockBytes)) {
      const { name, length } = headOf(head);
      const content = await bytes.blob(length);
      await bytes.take((blockBytes - (length % blockBytes)) % blockBytes);
      if (name !== '') parts.push({ name, content });
      if (parts.length > mostFiles) throw new SluiceError('INVALID_INPUT', 'it has too many files');
    }
  } catch (error) {
    const why = error instanceof SluiceError ? error.message : 'it is damaged, or cut off';
    throw new SluiceError('INVALID_INPUT', `The bundle cannot be read: ${why}.`, { cause: error });
  } finally {
    await bytes.close();
  }
  return parts;
}

/** Of POSIX ustar: the name without its folder, and how long the file is. @throws SluiceError INVALID_INPUT */
function headOf(head: Uint8Array): { readonly name: string; readonly length: number } {
  const text = new TextDecoder('latin1').decode(head);
  if (text.slice(257, 262) !== 'ustar') throw new SluiceError('INVALID_INPUT', 'there is no archive in it');
  const field = (start: number, end: number): string => text.slice(start, end).split('\0')[0]?.trim() ?? '';
  const length = Number.parseInt(field(124, 136), 8);
  if (!Number.isSafeInteger(length) || length < 0 || length > mostBytes)
    throw new SluiceError('INVALID_INPUT', 'a file in it has no length that could be right');
  const isFile = field(156, 157) === '0' || field(156, 157) === '';
  const [, ...path] = field(0, 100).split('/');
  const name = path.join('/');
  return { name: isFile && /^[\w./-]{1,100}$/.test(name) ? name : '', length };
}

/** A stream that is read in pieces of wanted lengths. */
class Pieces {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #rest = new Uint8Array(0);
  #taken = 0;

  constructor(stream: ReadableStream<Uint8Array>) {
    this.#reader = stream.getReader();
  }

  async take(length: number): Promise<Uint8Array> {
    return new Uint8Array(await (await this.blob(length)).arrayBuffer());
  }

  /** @throws RangeError when it ends before */
  async blob(length: number): Promise<Blob> {
    this.#taken += length;
    if (this.#taken > mostBytes)
      throw new SluiceError('INVALID_INPUT', `more than ${formatBytes(mostBytes)} come out of it`);
    const parts: Blob[] = [];
    for (let missing = length; missing > 0;) {
      if (this.#rest.length === 0) this.#rest = await this.#read();
      const part = this.#rest.slice(0, missing);
      parts.push(new Blob([part]));
      this.#rest = this.#rest.subarray(part.length);
      missing -= part.length;
    }
    return new Blob(parts);
  }

  async close(): Promise<void> {
    await this.#reader.cancel().catch(() => undefined);
  }

  async #read(): Promise<Uint8Array<ArrayBuffer>> {
    const part = await this.#reader.read();
    if (part.done) throw new RangeError('it ends too early');
    return new Uint8Array(part.value);
  }
}
