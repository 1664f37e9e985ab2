/**
 * What the soak's objects hold. A revision has a name, `o{object}.{revision}`, which is its ETag; the name alone says
 * how long it is and what every byte of it is, so whoever has an answer in hand can check it.
 *
 * The bytes repeat with a prime period that no chunk size divides: a chunk, a part or a revision in the place of
 * another is noticed.
 */
import { createCipheriv, createHash } from 'node:crypto';
import { GiB, MiB } from '#shared/units.ts';

export const objectCount = 40;
const [leastBytes, mostBytes] = [MiB, 2 * GiB];
/** Those up to here are written through Sluice; larger ones are replaced behind its back. */
const mostUploadedBytes = 48 * MiB;

const periodBytes = 1_000_003;
const keptPeriods = 64;

/** So long is every revision of the object at least. Lengths grow evenly, in the logarithm. */
export function leastLengthOf(object: number): number {
  return Math.floor(leastBytes * (mostBytes / leastBytes) ** (object / (objectCount - 1)));
}

export function isUploaded(object: number): boolean {
  return leastLengthOf(object) <= mostUploadedBytes;
}

export function nameOf(object: number, revision: number): string {
  return `o${object}.${revision}`;
}

/** @throws when the name is none of a revision */
export function parseName(name: string): { readonly object: number; readonly revision: number } {
  const [, object, revision] = /^o(\d{1,2})\.(\d{1,9})$/.exec(name) ?? [];
  if (object === undefined || Number(object) >= objectCount) throw new Error(`"${name}" names no revision`);
  return { object: Number(object), revision: Number(revision) };
}

/** Revisions of one object differ in length, too. */
export function lengthOf(name: string): number {
  const { object, revision } = parseName(name);
  return leastLengthOf(object) + ((revision * 7919) % 65_537);
}

const periods = new Map<string, Buffer>();

function periodOf(name: string): Buffer {
  const period = periods.get(name) ?? makePeriod(name);
  periods.delete(name);
  periods.set(name, period);
  const [oldest] = periods.keys();
  if (periods.size > keptPeriods && oldest !== undefined) periods.delete(oldest);
  return period;
}

/** Noise: the key stream of a cipher whose key is the name. */
function makePeriod(name: string): Buffer {
  const key = createHash('md5').update(name).digest();
  return createCipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(periodBytes));
}

/** The bytes `[start, end)` of the revision, in pieces that must not be changed. */
export function* bytesOf(name: string, start: number, end: number): Generator<Buffer, void> {
  const period = periodOf(name);
  for (let at = start; at < end;) {
    const offset = at % periodBytes;
    const piece = period.subarray(offset, Math.min(periodBytes, offset + end - at));
    yield piece;
    at += piece.length;
  }
}

/** Whether `bytes` are what the revision has at `position`. */
export function isAt(name: string, position: number, bytes: Uint8Array): boolean {
  let done = 0;
  for (const right of bytesOf(name, position, position + bytes.length)) {
    if (right.compare(bytes, done, done + right.length) !== 0) return false;
    done += right.length;
  }
  return true;
}

/** Revisions of an object that are searched for what is in the place of another; a soak of hours makes more. */
const searchedRevisions = 40;

/**
 * What `bytes`, which are not those of `name` at `position`, are instead, in words: from where on, up to where, and
 * whose. A chunk, a slab or an answer in the place of another is known by it.
 */
export function whatIsWrong(name: string, position: number, bytes: Uint8Array): string {
  const right = Buffer.concat([...bytesOf(name, position, position + bytes.length)]);
  const first = right.findIndex((byte, index) => byte !== bytes[index]);
  const last = right.findLastIndex((byte, index) => byte !== bytes[index]);
  return `${last - first + 1} bytes from ${position + first} on are ${originOf(bytes.subarray(first, last + 1))}`;
}

function originOf(bytes: Uint8Array): string {
  const first = bytes.subarray(0, 32);
  if (first.every((byte) => byte === 0)) return 'zeros';
  for (let revision = 0; revision < searchedRevisions; revision += 1) {
    for (let object = 0; object < objectCount; object += 1) {
      const name = nameOf(object, revision);
      const offset = makePeriod(name).indexOf(first);
      if (offset !== -1) return `${name} at ${offset} (modulo ${periodBytes})`;
    }
  }
  return `of no revision: ${Buffer.from(first).toString('hex')}`;
}
