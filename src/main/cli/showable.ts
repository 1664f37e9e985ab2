/** Whether the console can show a file, told by how it begins: what is wrong further on its reader says. */
import { constants, gunzipSync } from 'node:zlib';
import type { OpenedFile } from '#main/console/opened-file.ts';
import { isSluiceError, messageOf, SluiceError } from '#shared/errors.ts';
import { detectFormat, readable } from '#shared/profile/detect.ts';
import { readFolded } from '#shared/profile/folded.ts';
import { isGzip } from '#shared/profile/gunzip.ts';
import { asUtf8 } from '#shared/profile/read.ts';
import { WireError, WireReader } from '#shared/profile/wire.ts';
import { magic } from '#shared/recording/layout.ts';
import { KiB } from '#shared/units.ts';

const lookBytes = 64 * KiB;

/** @throws SluiceError INVALID_INPUT when it is no recording, no incident bundle and no profile */
export async function requireShowable(file: OpenedFile): Promise<void> {
  const { name, bytes } = file;
  const packed = await file.read(name, 0, lookBytes);
  if (Buffer.from(magic).equals(packed.subarray(0, magic.length))) return;
  try {
    const content = isGzip(packed) ? unpacked(packed, name) : packed;
    const plain = Buffer.from(asUtf8(content.subarray(0, lookBytes)));
    if (isTar(plain)) return;
    const format = detectFormat(plain, name);
    if (format === 'pprof' && !beginsAsPprof(plain))
      throw new SluiceError(
        'INVALID_INPUT',
        `${name} is no text, and no pprof by its first field. ${readable}.`,
      );
    if (format !== 'folded') return;
    const text = plain.toString('latin1');
    const isAll = bytes <= lookBytes && content.length <= lookBytes;
    // The last line may go on.
    readFolded(isAll ? text : text.slice(0, text.lastIndexOf('\n') + 1));
  } catch (error) {
    if (isSluiceError(error)) throw error;
    throw new SluiceError('INVALID_INPUT', messageOf(error), { cause: error });
  }
}

/** What comes out of the beginning of it. */
function unpacked(packed: Uint8Array, name: string): Buffer {
  try {
    return gunzipSync(packed, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch (error) {
    throw new SluiceError('INVALID_INPUT', `${name} begins as gzip does, and is none: download it again`, {
      cause: error,
    });
  }
}

/** The fields of profile.proto's `Profile`, by how they are written: a number, or a message, string or packed list. */
const numberFields = new Set([7, 8, 9, 10, 12, 13, 14, 15]);
const partFields = new Set([1, 2, 3, 4, 5, 6, 11, 13]);

/** Whether a whole field comes first. Those that writers begin with are short; later ones may go on beyond the look. */
function beginsAsPprof(bytes: Uint8Array): boolean {
  const reader = new WireReader(bytes);
  try {
    const { field, type } = reader.tag();
    reader.skip(type);
    return (type === 0 && numberFields.has(field)) || (type === 2 && partFields.has(field));
  } catch (error) {
    if (error instanceof WireError) return false;
    throw error;
  }
}

/** An incident bundle. */
function isTar(bytes: Buffer): boolean {
  return bytes.toString('latin1', 257, 262) === 'ustar';
}
