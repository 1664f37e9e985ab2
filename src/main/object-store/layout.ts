/**
 * The bucket layout, pure: what is stored with an object and what it means. Other programs (block/cachew) share it, so
 * an operator can point Sluice at a bucket that they fill.
 *
 * An object is two S3 objects: the data, with its headers and a random tag as user metadata, and a small JSON
 * companion `{name}.meta` with the validator, the expiry and the same tag. The data is written first. While the tags
 * differ a commit may be in flight, so the object is a miss; after a grace period the companion is taken for lost and
 * the data speaks for itself.
 */
import { z } from 'zod';
import { SluiceError } from '#shared/errors.ts';
import { parseKey } from './keys.ts';
import type { ObjectRevision, StoredHeaders, StoredObject } from './object-store.ts';

/** How long differing tags are taken for a commit in flight, from the data's Last-Modified on. */
export const graceMilliseconds = 15 * 60_000;

/** S3 takes 2 KiB of user metadata; this leaves room for the tag and the names. */
const maxHeadersLength = 2000;

/** What a HEAD of the data object tells. */
export interface DataObject extends Omit<ObjectRevision, 'key'> {
  readonly lastModified: Date;
  /** The HTTP `Expires`. */
  readonly expiresAt?: Date | undefined;
  /** Includes `etag` when one was stored with the data. */
  readonly headers: StoredHeaders;
  /** Empty when it bears none. */
  readonly tag: string;
}

/** What the companion tells. */
export interface Companion {
  readonly headers: StoredHeaders;
  readonly expiresAt?: Date | undefined;
  readonly tag: string;
}

/** A companion as read: with when it was written and its own revision in the store. */
export interface ReadCompanion extends Companion {
  readonly lastModified: Date;
  readonly pin: string;
}

export type Resolution =
  | { readonly kind: 'found'; readonly object: StoredObject; readonly agreed: boolean }
  /** The tags differ: perhaps a commit is in flight. */
  | { readonly kind: 'uncommitted' }
  | { readonly kind: 'expired' };

/** The name of the data object; with `.meta` appended, of its companion. @throws SluiceError INVALID_INPUT */
export function objectName(prefix: string, key: string): string {
  parseKey(key);
  return prefix + key;
}

export function companionName(prefix: string, key: string): string {
  return `${objectName(prefix, key)}.meta`;
}

/** What a data object and its companion mean together at `now`; a missing companion counts as an empty one. */
export function resolveObject(
  key: string,
  data: DataObject,
  companion: Companion | undefined,
  now: number,
): Resolution {
  const agreed = (companion?.tag ?? '') === data.tag;
  if (!agreed) {
    const young = now - data.lastModified.getTime() < graceMilliseconds;
    if (young || !data.headers['etag']) return { kind: 'uncommitted' };
  }
  const { etag, ...headers } = { ...data.headers, ...(agreed ? companion?.headers : undefined) };
  const expiresAt = (agreed ? companion?.expiresAt : undefined) ?? data.expiresAt;
  if (expiresAt && expiresAt.getTime() <= now) return { kind: 'expired' };
  const { pin, length, versionId, checksum, lastModified } = data;
  const object = {
    revision: { key, pin, length, versionId, checksum },
    headers,
    // Objects from before validators were stored have none: the store's own is as good.
    etag: unquote(etag?.[0] ?? pin),
    lastModified,
    expiresAt,
  };
  return { kind: 'found', object, agreed };
}

/**
 * The new expiry when less than half of the lifetime is left, else `undefined`. The lifetime is what the data object
 * was given, or, where a store forgets `Expires`, what the companion was last given.
 */
export function refreshedExpiry(data: DataObject, companion: ReadCompanion, now: number): Date | undefined {
  const expiresAt = companion.expiresAt ?? data.expiresAt;
  if (!expiresAt) return undefined;
  const lifetime = data.expiresAt
    ? data.expiresAt.getTime() - data.lastModified.getTime()
    : expiresAt.getTime() - companion.lastModified.getTime();
  return expiresAt.getTime() - now < lifetime / 2 ? expiryAfter(lifetime, now) : undefined;
}

/** Whole seconds, rounded up: HTTP dates have no more, and an object must not expire early. */
export function expiryAfter(milliseconds: number, now: number): Date {
  return new Date(Math.ceil((now + milliseconds) / 1000) * 1000);
}

/**
 * User metadata of the data object. Characters beyond ASCII are escaped, because S3 takes metadata as HTTP headers.
 * @throws SluiceError INVALID_INPUT when the headers do not fit
 */
export function encodeUserMetadata(
  headers: StoredHeaders,
  etag: string,
  tag: string,
): Record<string, string> {
  const json = JSON.stringify(toGoHeaders({ ...headers, etag: [`"${etag}"`] }));
  const ascii = json.replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  if (ascii.length > maxHeadersLength) {
    throw new SluiceError(
      'INVALID_INPUT',
      `headers to keep take ${ascii.length} bytes: allowed is ${maxHeadersLength}`,
    );
  }
  return { Headers: ascii, Tag: tag };
}

/** The headers and the tag in user metadata, whose names S3 gives in any case; damaged headers count as none. */
export function decodeUserMetadata(
  metadata: Readonly<Record<string, string>>,
): Pick<DataObject, 'headers' | 'tag'> {
  const byName = new Map(Object.entries(metadata).map(([name, value]) => [name.toLowerCase(), value]));
  const headers = headersSchema.safeParse(parseJson(byName.get('headers') ?? '{}'));
  return { headers: headers.success ? fromGoHeaders(headers.data) : {}, tag: byName.get('tag') ?? '' };
}

export function encodeCompanion(companion: Companion): string {
  return JSON.stringify({
    headers: toGoHeaders(companion.headers),
    expires_at: companion.expiresAt?.toISOString().replace('.000Z', 'Z'),
    tag: companion.tag,
  });
}

/** `undefined` when the text is not a companion: it then counts as missing. */
export function decodeCompanion(text: string): Companion | undefined {
  const parsed = companionSchema.safeParse(parseJson(text));
  if (!parsed.success) return undefined;
  const { headers, expires_at: expires, tag } = parsed.data;
  return { headers: fromGoHeaders(headers ?? {}), expiresAt: parseExpiry(expires), tag };
}

const dateForms = /^(?:\d{4}-\d\d-\d\dT|[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} )/;

/**
 * An RFC 3339 or HTTP date; `undefined` for none, for the year 1, which means none in Go, and for anything else: an
 * expired object is deleted, so nothing may be guessed (`new Date('0')` is the year 2000).
 */
export function parseExpiry(text: string | undefined): Date | undefined {
  const date = new Date(dateForms.test(text ?? '') ? (text ?? '') : Number.NaN);
  return date.getUTCFullYear() > 1 ? date : undefined;
}

export function unquote(etag: string): string {
  return etag.replace(/^(?:W\/)?"(.*)"$/, '$1');
}

const headersSchema = z.record(z.string(), z.array(z.string()));
const companionSchema = z.object({
  headers: headersSchema.nullish(),
  expires_at: z.string().optional(),
  tag: z.string().default(''),
});

/** `content-type` → `Content-Type`: header names as Go's `net/http` spells them. */
function toGoHeaders(headers: StoredHeaders): StoredHeaders {
  return Object.fromEntries(
    Object.entries(headers).map(([name, values]) => [
      name.toLowerCase().replace(/(^|-)[a-z]/g, (initial) => initial.toUpperCase()),
      values,
    ]),
  );
}

function fromGoHeaders(headers: StoredHeaders): StoredHeaders {
  return Object.fromEntries(Object.entries(headers).map(([name, values]) => [name.toLowerCase(), values]));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // The schema refuses it.
  }
}
