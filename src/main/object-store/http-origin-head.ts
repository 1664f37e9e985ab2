/**
 * What an origin has at an address now. Three questions, each asked only when the one before left something open:
 *
 *   HEAD                    enough, when it says that there are ranges, and how many bytes
 *   GET, the first byte     where HEAD is not offered or does not say; its Content-Range has the length
 *   GET                     what has no first byte must turn out to be empty
 *
 * Without ranges and a strong validator (RFC 9110, section 8.8.1) nothing can be read in pieces that belong together,
 * so that is refused here, before the first byte.
 */
import { SluiceError } from '#shared/errors.ts';
import { unexpected } from './http-origin-client.ts';
import type { OriginClient } from './http-origin-client.ts';
import type { StoredHeaders, StoredObject } from './object-store.ts';
import { parseContentRange } from './range-answer.ts';
import type { Answer } from './transport/answer-reader.ts';

/** Which fields of an answer describe its object, repeated ones too; names in lower case. */
export type DescribingFields = (
  headers: Readonly<Record<string, readonly string[] | undefined>>,
) => StoredHeaders;

export interface LookUp {
  readonly client: OriginClient;
  readonly key: string;
  readonly url: URL;
  readonly describing: DescribingFields;
}

/** The next question has to be asked. */
const open = Symbol('open');
type Outcome = StoredObject | undefined | typeof open;

/** The object at `look.url`, or `undefined`. @throws SluiceError as ObjectStore.head */
export async function lookUp(look: LookUp, signal: AbortSignal): Promise<StoredObject | undefined> {
  const byHead = await ask(look, { method: 'HEAD' }, readHead, signal);
  if (byHead !== open) return byHead;
  const firstByte = { range: 'bytes=0-0' };
  const byFirstByte = await ask(look, { method: 'GET', headers: firstByte }, readFirstByte, signal);
  return byFirstByte === open ? ask(look, { method: 'GET' }, readEmpty, signal) : byFirstByte;
}

interface Question {
  readonly method: 'GET' | 'HEAD';
  readonly headers?: Readonly<Record<string, string>>;
}

function ask<T extends Outcome>(
  look: LookUp,
  question: Question,
  read: (answer: Answer, look: LookUp) => T,
  signal: AbortSignal,
): Promise<T | undefined> {
  const use = (answer: Answer): T | undefined => (isMissing(answer) ? undefined : read(answer, look));
  return look.client.request({ ...question, url: look.url }, use, signal);
}

/** Whether there is nothing at the address. */
export function isMissing({ head: { status } }: Answer): boolean {
  return status === 404 || status === 410;
}

function readHead(answer: Answer, look: LookUp): Outcome {
  const { status, headers } = answer.head;
  if (status === 405 || status === 501) return open;
  if (status !== 200) throw unexpected(answer, look.url);
  const length = lengthOf(answer);
  // Servers that do not know the length of what they would generate say 0, or nothing.
  if (length === undefined || length === 0 || headers['accept-ranges'] !== 'bytes') return open;
  return describeAnswer(answer, length, look);
}

function readFirstByte(answer: Answer, look: LookUp): Outcome {
  const { status, headers } = answer.head;
  if (status === 416) return open;
  if (status === 200 && lengthOf(answer) === 0) return describeAnswer(answer, 0, look);
  if (status === 200) {
    throw unusable(
      look.url,
      'does not offer byte ranges (it answered one with all of the object)',
      'only a server that does can be an origin',
    );
  }
  if (status !== 206) throw unexpected(answer, look.url);
  const said = headers['content-range'] ?? '';
  if (said === 'bytes 0-0/*') throw unknownLength(look.url);
  const { range, length = 0 } = parseContentRange(said) ?? {};
  if (length > 0 && range?.start === 0 && range.end === 1) return describeAnswer(answer, length, look);
  throw new SluiceError(
    'STORE_MISBEHAVED',
    `${look.url.href} answered a request for the first byte with Content-Range ${JSON.stringify(said)}`,
  );
}

function readEmpty(answer: Answer, look: LookUp): StoredObject {
  if (answer.head.status !== 200) throw unexpected(answer, look.url);
  if (lengthOf(answer) === 0) return describeAnswer(answer, 0, look);
  throw new SluiceError(
    'STORE_MISBEHAVED',
    `${look.url.href} answers 416 to a request for the first byte, and is not empty`,
  );
}

/** An object of this length, as the head of an answer describes it. @throws SluiceError STORE_REFUSED */
export function describeAnswer(answer: Answer, length: number, look: LookUp): StoredObject {
  const { headers, fields } = answer.head;
  const etag = strongTag(headers['etag'], look.url);
  const modified = Date.parse(headers['last-modified'] ?? '');
  // Without a date, now: no client has seen it, so none of its conditions on dates can hold by mistake.
  const lastModified = Number.isNaN(modified) ? Date.now() : modified;
  return {
    revision: { key: look.key, pin: pinOf(etag, look.url), length },
    headers: look.describing(fields),
    etag,
    lastModified: new Date(Math.floor(lastModified / 1000) * 1000),
  };
}

/** Raw; neither weak nor empty. @throws SluiceError STORE_REFUSED */
function strongTag(etag: string | undefined, url: URL): string {
  const raw = /^"([\x21\x23-\x7e\x80-\xff]+)"$/.exec(etag ?? '')?.[1];
  if (raw !== undefined) return raw;
  const found = etag === undefined ? 'has no ETag' : `has no strong ETag (${etag})`;
  throw unusable(url, found, 'without one, bytes of different revisions could be mixed');
}

/**
 * The validator and the address that it was seen at: two origins may have the same tag for different bytes, and
 * chunks outlive a change of --store.
 */
export function pinOf(etag: string, url: URL): string {
  return `${etag} ${url.href}`;
}

/** What `pinOf` has put together; no tag and no URL has a space. */
export function partsOf(pin: string): { readonly etag: string; readonly url: URL } {
  const space = pin.indexOf(' ');
  return { etag: pin.slice(0, space), url: new URL(pin.slice(space + 1)) };
}

function lengthOf({ head: { headers } }: Answer): number | undefined {
  const text = headers['content-length'] ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

export function unknownLength(url: URL): SluiceError {
  return unusable(url, 'does not say how long the object is', 'it has to, in Content-Range');
}

function unusable(url: URL, found: string, need: string): SluiceError {
  return new SluiceError('STORE_REFUSED', `${url.href} ${found}: ${need}`);
}
