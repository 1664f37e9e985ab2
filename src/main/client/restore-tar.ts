/**
 * Reads along while a tar stream goes to tar, and refuses what a fresh clone does not have before tar has all of it.
 * tar protects itself, but not every tar in the same way; an archive that was truncated where a file ends looks
 * complete to it; and nothing but its names says that a folder is somebody's hooks.
 *
 * Only what GNU tar and bsdtar write for files, folders and symbolic links is understood. Whatever two readers could
 * understand differently is refused.
 */
import { SluiceError } from '#shared/errors.ts';
import { quoted } from '#main/config/quoted.ts';

export interface TarMember {
  /** As it stands in the archive: `./src/main.c`. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'link';
  readonly mode: number;
}

const blockBytes = 512;
const maxExtensionBytes = 1024 * 1024;

/** What a header is about: a member, or names and sizes of the next member that did not fit into its header. */
type Extension = 'L' | 'K' | 'x';

const refusedKinds: Readonly<Record<string, string>> = {
  '1': 'a hard link',
  '3': 'a device',
  '4': 'a device',
  '6': 'a pipe',
};

/** Keywords that change nothing about where bytes go, or that are taken into account here. */
const knownKeywords =
  /^(?:path|linkpath|size|[amc]time|uid|gid|uname|gname|comment|hdrcharset|(?:LIBARCHIVE|SCHILY)\.[\w.:-]+)$/;

export class TarReader {
  readonly #onMember: (member: TarMember) => void;
  #block = new Uint8Array(blockBytes);
  #filledBytes = 0;
  #skipBytes = 0;
  #extension: { readonly kind: Extension; readonly bytes: number } | undefined;
  #longName: string | undefined;
  #pax = new Map<string, string>();
  #hasEnded = false;

  /** `onMember` is called before the member's content is read, and may throw. */
  constructor(onMember: (member: TarMember) => void) {
    this.#onMember = onMember;
  }

  /** Reads the next bytes of the stream. @throws SluiceError STORE_MISBEHAVED; what `onMember` throws */
  add(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) {
      const skipped = Math.min(this.#skipBytes, bytes.length - at);
      this.#skipBytes -= skipped;
      at += skipped;
      const taken = Math.min(this.#block.length - this.#filledBytes, bytes.length - at);
      this.#block.set(bytes.subarray(at, at + taken), this.#filledBytes);
      this.#filledBytes += taken;
      at += taken;
      if (this.#filledBytes === this.#block.length) this.#take();
    }
  }

  /** The stream has ended. @throws SluiceError STORE_MISBEHAVED when the archive has not */
  end(): void {
    if (!this.#hasEnded) throw refused('ends before it is complete');
  }

  #take(): void {
    const block = this.#block;
    this.#filledBytes = 0;
    if (this.#extension) {
      this.#readExtension(this.#extension.kind, block.subarray(0, this.#extension.bytes));
      this.#extension = undefined;
      this.#block = new Uint8Array(blockBytes);
    } else if (block.every((byte) => byte === 0)) {
      this.#hasEnded = true;
    } else {
      if (this.#hasEnded) throw refused('goes on after its end');
      this.#readHeader(block);
    }
  }

  #readHeader(header: Uint8Array): void {
    checkSum(header);
    const bytes = numberIn(header.subarray(124, 136));
    const type = String.fromCharCode(header[156] ?? 0);
    if (type === 'L' || type === 'K' || type === 'x') this.#beginExtension(type, bytes);
    else this.#readMember(header, type, bytes);
  }

  #beginExtension(kind: Extension, bytes: number): void {
    if (bytes > maxExtensionBytes) throw refused(`has a name of ${bytes} bytes`);
    this.#extension = { kind, bytes };
    if (bytes > 0) this.#block = new Uint8Array(padded(bytes));
    else this.#extension = undefined;
  }

  #readExtension(kind: Extension, content: Uint8Array): void {
    if (kind === 'x') {
      for (const [key, value] of paxRecords(content)) {
        if (this.#pax.has(key)) throw refused(`says ${quoted(key)} of a file twice`);
        this.#pax.set(key, value);
      }
    } else if (kind === 'L') {
      if (this.#longName !== undefined) throw refused('says the name of a file twice');
      this.#longName = textIn(content);
    }
  }

  #readMember(header: Uint8Array, type: string, headerBytes: number): void {
    const path = this.#pathOf(header);
    const size = this.#pax.get('size');
    const bytes = size === undefined ? headerBytes : Number(size);
    const kind = kindOf(type, path);
    if (!Number.isSafeInteger(bytes) || bytes < 0 || (kind !== 'file' && bytes !== 0)) {
      throw refused(`has a wrong size for ${quoted(path)}`);
    }
    this.#longName = undefined;
    this.#pax = new Map();
    this.#onMember({ path, kind, mode: numberIn(header.subarray(100, 108)) });
    this.#skipBytes = padded(bytes);
  }

  #pathOf(header: Uint8Array): string {
    const paxPath = this.#pax.get('path');
    if (paxPath !== undefined && this.#longName !== undefined) throw refused('says the name of a file twice');
    const long = paxPath ?? this.#longName;
    if (long !== undefined) return long;
    const name = textIn(header.subarray(0, 100));
    // In GNU tar's own format, times are where others have the first part of the name.
    const isPosix = textIn(header.subarray(257, 263)) === 'ustar' && header[263] === 0x30;
    const prefix = isPosix ? textIn(header.subarray(345, 500)) : '';
    return prefix === '' ? name : `${prefix}/${name}`;
  }
}

/** The error for an archive that cannot be what it should be: `the archive …`. */
export function refused(why: string): SluiceError {
  return new SluiceError('STORE_MISBEHAVED', `the archive ${why}: nothing of it was kept`);
}

function kindOf(type: string, path: string): TarMember['kind'] {
  if (type === '5') return 'folder';
  if (type === '2') return 'link';
  // Before POSIX, a folder was a file with a slash at its end; tars still take it for one.
  if (type === '0' || type === '\0') return path.endsWith('/') ? 'folder' : 'file';
  const what = refusedKinds[type] ?? `something of the unknown kind ${quoted(type)}`;
  throw refused(`holds ${what}, ${quoted(path)}, which a fresh clone does not have`);
}

function padded(bytes: number): number {
  return Math.ceil(bytes / blockBytes) * blockBytes;
}

function checkSum(header: Uint8Array): void {
  const said = numberIn(header.subarray(148, 156));
  const sum = header.reduce((sum, byte, index) => sum + (index >= 148 && index < 156 ? 0x20 : byte), 0);
  if (sum !== said) throw refused('is damaged: a header has a wrong checksum');
}

/** Octal digits, or GNU's binary form for what does not fit. */
function numberIn(field: Uint8Array): number {
  const [first = 0, ...rest] = field;
  if (first === 0x80) return rest.reduce((number, byte) => number * 256 + byte, 0);
  const text = textIn(field).trim();
  if (!/^[0-7]*$/.test(text)) throw refused('is damaged: a header has a wrong number');
  return Number.parseInt(text || '0', 8);
}

/** Up to the first NUL. */
function textIn(field: Uint8Array): string {
  const end = field.indexOf(0);
  return Buffer.from(end < 0 ? field : field.subarray(0, end)).toString();
}

function* paxRecords(content: Uint8Array): Generator<readonly [string, string]> {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.length);
  for (let at = 0; at < bytes.length;) {
    const length = /^\d{1,7} /.exec(bytes.toString('latin1', at, at + 8))?.[0];
    const end = at + Number(length);
    const record = bytes.toString('utf8', at + (length?.length ?? 0), end - 1);
    const [, key = '', value = ''] = /^([^=]+)=(.*)$/s.exec(record) ?? [];
    const isWhole = length !== undefined && end <= bytes.length && bytes[end - 1] === 0x0a;
    if (!isWhole || key === '' || value.includes('\0'))
      throw refused('is damaged: an extended header is wrong');
    if (!knownKeywords.test(key)) throw refused(`says ${quoted(key)} of a file, which is not understood`);
    if (key === 'size' && !/^\d+$/.test(value)) throw refused('is damaged: an extended header is wrong');
    yield [key, value];
    at = end;
  }
}
