/** The one entry: from the bytes of a file to a profile, or to the summary of a heap snapshot. */
import { formatBytes } from '#shared/units.ts';
import { detectFormat } from './detect.ts';
import { requireModestJson } from './limits.ts';
import { readFolded } from './folded.ts';
import { gunzip, isGzip } from './gunzip.ts';
import { readPprof } from './pprof.ts';
import { maxProfileBytes, ProfileError, type FileFormat, type Profile, type ReadOptions } from './profile.ts';
import { readSnapshot, type SnapshotSummary } from './snapshot.ts';
import { readCpuProfile } from './v8-cpu.ts';
import { fromOldCpuProfile, isOldCpuProfile } from './v8-old-cpu.ts';
import { readHeapProfile } from './v8-sampling.ts';

/** What a file turned out to be. */
export type OpenedProfile =
  | { readonly kind: 'profile'; readonly profile: Profile }
  | { readonly kind: 'snapshot'; readonly snapshot: SnapshotSummary };

/** The share of the time that unpacking takes, where there is something to unpack. */
const unpackingShare = 0.2;

/**
 * Reads a file of any format, with gzip or without; `name` is for sentences, and for JSON that does not tell by its
 * beginning. At most `maxProfileBytes`, packed and unpacked.
 * @throws ProfileError that says which format and which field; the signal's reason
 */
export async function readProfile(
  bytes: Uint8Array,
  name: string,
  { onProgress, signal }: ReadOptions = {},
): Promise<OpenedProfile> {
  if (bytes.length > maxProfileBytes) throw tooLarge(name);
  const abort = signal ? { signal } : {};
  signal?.throwIfAborted();
  const isPacked = isGzip(bytes);
  const content = isPacked
    ? await unpacked(bytes, name, {
        ...abort,
        onProgress: (share) => onProgress?.(share * unpackingShare),
      })
    : bytes;
  signal?.throwIfAborted();
  const plain = asUtf8(content);
  const before = isPacked ? unpackingShare : 0;
  const format = detectFormat(plain, name);
  const opened = read(plain, format, {
    ...abort,
    onProgress: (share) => onProgress?.(before + share * (1 - before)),
  });
  onProgress?.(1);
  return opened;
}

/** Text as PowerShell writes it when output goes to a file (UTF-16) becomes what everybody else writes. */
export function asUtf8(bytes: Uint8Array): Uint8Array {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  return isUtf16 ? new TextEncoder().encode(new TextDecoder('utf-16le').decode(bytes)) : bytes;
}

function read(bytes: Uint8Array, format: FileFormat, options: ReadOptions): OpenedProfile {
  try {
    if (format === 'heapsnapshot') return { kind: 'snapshot', snapshot: readSnapshot(bytes, options) };
    return { kind: 'profile', profile: readStacks(bytes, format, options) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ProfileError(
      format,
      'file',
      `This file (${format}) is nested too deeply, or its numbers are too large, to be read.`,
    );
  }
}

function readStacks(
  bytes: Uint8Array,
  format: Exclude<FileFormat, 'heapsnapshot'>,
  options: ReadOptions,
): Profile {
  if (format === 'pprof') return readPprof(bytes, options);
  if (format === 'folded') return readFolded(new TextDecoder().decode(bytes), options);
  requireModestJson(bytes, format);
  const text = new TextDecoder().decode(bytes);
  const parsed = parse(text, format);
  options.signal?.throwIfAborted();
  options.onProgress?.(0.5);
  if (isOldCpuProfile(parsed)) return readCpuProfile(fromOldCpuProfile(parsed));
  return format === 'heapprofile' ? readHeapProfile(parsed) : readCpuProfile(parsed);
}

function parse(text: string, format: FileFormat): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'it ends too early';
    throw new ProfileError(format, 'file', `This .${format} of V8 is no whole JSON: ${why}.`);
  }
}

async function unpacked(bytes: Uint8Array, name: string, options: ReadOptions): Promise<Uint8Array> {
  try {
    return await gunzip(bytes, maxProfileBytes, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (error instanceof RangeError) throw tooLarge(name);
    throw new ProfileError(
      'unknown',
      'gzip',
      `${name} begins as gzip does, but is not whole, or is several: download it again, or unpack it with gunzip.`,
    );
  }
}

function tooLarge(name: string): ProfileError {
  const limit = formatBytes(maxProfileBytes);
  return new ProfileError(
    'unknown',
    'file',
    `${name} is larger than ${limit}, unpacked: that is more than is read here.`,
  );
}
