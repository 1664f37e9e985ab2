/** Whether the console can show a file, told by how it begins: what is wrong further on its reader says. */
import { open } from 'node:fs/promises';
import { constants, gunzipSync } from 'node:zlib';
import { isSluiceError, messageOf, SluiceError } from '#shared/errors.ts';
import { detectFormat } from '#shared/profile/detect.ts';
import { readFolded } from '#shared/profile/folded.ts';
import { isGzip } from '#shared/profile/gunzip.ts';
import { magic } from '#shared/recording/layout.ts';
import { KiB, MiB } from '#shared/units.ts';

const lookBytes = 64 * KiB;

/**
 * The file at `path`; `name` is for sentences.
 * @throws SluiceError INVALID_INPUT when it is no recording, no incident bundle and no profile; the system's errors
 */
export async function requireShowable(path: string, name: string): Promise<void> {
  const packed = await beginningOf(path);
  if (Buffer.from(magic).equals(packed.subarray(0, magic.length))) return;
  try {
    const plain = isGzip(packed) ? unpacked(packed, name) : packed;
    if (isTar(plain) || isUtf16(plain)) return;
    if (detectFormat(plain, name) !== 'folded') return;
    const text = plain.toString('latin1', 0, lookBytes);
    const isAll = packed.length < lookBytes && plain.length <= lookBytes;
    // The last line may go on.
    readFolded(isAll ? text : text.slice(0, text.lastIndexOf('\n') + 1));
  } catch (error) {
    if (isSluiceError(error)) throw error;
    throw new SluiceError('INVALID_INPUT', messageOf(error), { cause: error });
  }
}

async function beginningOf(path: string): Promise<Buffer> {
  await using file = await open(path, 'r');
  const buffer = Buffer.alloc(lookBytes);
  const { bytesRead } = await file.read(buffer, 0, lookBytes, 0);
  return buffer.subarray(0, bytesRead);
}

/** What comes out of the beginning. A little may become much: that is no profile either. */
function unpacked(packed: Buffer, name: string): Buffer {
  try {
    return gunzipSync(packed, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 128 * MiB });
  } catch (error) {
    throw new SluiceError('INVALID_INPUT', `${name} begins as gzip does, and is none: download it again`, {
      cause: error,
    });
  }
}

/** An incident bundle. */
function isTar(bytes: Buffer): boolean {
  return bytes.toString('latin1', 257, 262) === 'ustar';
}

/** Text as PowerShell writes it; its reader turns it into the usual one first. */
function isUtf16(bytes: Buffer): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xfe;
}
