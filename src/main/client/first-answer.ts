/** What a server's answer to the first ranged request says about the representation. */
import type { IncomingHttpHeaders } from 'node:http';
import { formatContentRange } from '#shared/http/content-range.ts';
import { parseEntityTag } from '#shared/http/validators.ts';
import { SluiceError } from '#shared/errors.ts';
import type { HttpAnswer } from './http.ts';

/** One revision of the representation: what every further request is pinned to. */
export interface Pin {
  /** After redirects. */
  readonly url: URL;
  /** Strong; without its quotes. */
  readonly etag: string;
  readonly length: number;
}

export type FirstAnswer =
  /** This answer is a range of a representation that further ranges can be pinned to. */
  | { readonly kind: 'pinned'; readonly pin: Pin }
  /** This answer is everything. */
  | { readonly kind: 'whole'; readonly length: number | undefined }
  /** This answer is a range, and nothing says that another would be of the same revision. */
  | { readonly kind: 'unpinnable' }
  | { readonly kind: 'empty' };

/**
 * Reads the head of the answer to a request for the first `askedBytes`.
 * @throws SluiceError STORE_MISBEHAVED when its Content-Range is not what was asked for
 */
export function interpret(answer: HttpAnswer, askedBytes: number): FirstAnswer {
  if (answer.status === 416 || answer.status === 204) return { kind: 'empty' };
  if (answer.status === 200) return { kind: 'whole', length: lengthOf(answer) };
  const contentRange = answer.headers['content-range'] ?? '';
  if (/^bytes 0-\d+\/\*$/.test(contentRange)) return { kind: 'unpinnable' };
  const length = Number(/\/(\d+)$/.exec(contentRange)?.[1]);
  const expected = { start: 0, end: Math.min(askedBytes, length) };
  if (contentRange !== formatContentRange(expected, length)) throw wrongRange(answer, 'the first bytes');
  const tag = parseEntityTag(answer.headers.etag ?? '');
  if (tag?.weak === false) return { kind: 'pinned', pin: { url: answer.url, etag: tag.raw, length } };
  return length <= askedBytes ? { kind: 'whole', length } : { kind: 'unpinnable' };
}

/** True for an ETag field that ranges can be pinned to. */
export function isStrongTag(field: string | undefined): boolean {
  return parseEntityTag(field ?? '')?.weak === false;
}

/** The length of a whole answer, when it says one. */
export function lengthOf(answer: HttpAnswer): number | undefined {
  const text = answer.headers['content-length'];
  return text === undefined ? undefined : Number(text);
}

/** What an answer says of a snapshot: the commit it holds, and where the way from there to HEAD is. */
export function freshenMetadataIn(headers: IncomingHttpHeaders): {
  readonly commit: string | undefined;
  readonly bundleUrl: string | undefined;
} {
  const { 'x-cachew-snapshot-commit': commit, 'x-cachew-bundle-url': bundleUrl } = headers;
  return { commit: single(commit), bundleUrl: single(bundleUrl) };
}

function single(field: string | readonly string[] | undefined): string | undefined {
  return typeof field === 'string' ? field : undefined;
}

function wrongRange(answer: HttpAnswer, expected: string): SluiceError {
  const said = answer.headers['content-range'];
  const what = said === undefined ? 'no Content-Range' : `Content-Range ${JSON.stringify(said)}`;
  return new SluiceError(
    'STORE_MISBEHAVED',
    `${answer.url.href} answers ${answer.status} with ${what} where ${expected} was asked for`,
  );
}
