/**
 * The answer to GET or HEAD of any representation, decided from the request's fields and the representation alone:
 * status, fields and what the body is made of. Nothing here reads a byte, so the server's part is one loop over
 * `segments`. The order is RFC 9110's: preconditions, If-Range, Range.
 */
import type { ByteRange, RangeLimits } from '#shared/range.ts';
import type { RequestConditions } from '#shared/http/conditions.ts';
import { formatContentRange, formatUnsatisfiedRange } from '#shared/http/content-range.ts';
import { formatHttpDate } from '#shared/http/date.ts';
import { multipartSegments, multipartType, segmentsLength, type Segment } from './multipart.ts';
import { decide } from '#shared/http/decision.ts';
import type { FieldValue, Representation } from './representation.ts';
import { fieldsToServe, isFieldValue } from './stored-headers.ts';
import { quoteEtag } from '#shared/http/validators.ts';

export interface RepresentationRequest {
  readonly method: 'GET' | 'HEAD';
  readonly conditions: RequestConditions;
}

export interface AnswerOptions {
  /** Separates the parts of a multipart answer: random, of at most 70 letters and digits (RFC 2046, 5.1.1). */
  readonly boundary: string;
  readonly now: Date;
  readonly limits?: RangeLimits;
}

type AnswerFields = Readonly<Record<string, FieldValue>>;

export interface Answer {
  readonly status: 200 | 206 | 304 | 412 | 416;
  /** Names in lower case. Complete but for Date and the connection's own. */
  readonly headers: AnswerFields;
  /** The body in order; none for HEAD, for an empty representation, and for 304, 412 and 416. */
  readonly segments: readonly Segment[];
}

/** Fields of the 200 that a 304 repeats (RFC 9110, section 15.4.5), beside the validators. */
const notModifiedFields = new Set(['cache-control', 'content-location', 'expires', 'vary']);

/** An object is data: whatever its type, it must not act as a page of the origin that also serves the console. */
export const inert = {
  'content-security-policy': "default-src 'none'; sandbox",
  'x-content-type-options': 'nosniff',
};

/** Decides. Never throws: every request has an answer. */
export function answer(
  request: RepresentationRequest,
  representation: Representation,
  options: AnswerOptions,
): Answer {
  const { method, conditions } = request;
  const validators = validatorFields(representation, options.now);
  const decision = decide(method, conditions, representation, options);
  if (decision.kind === 'not-modified') {
    return { status: 304, headers: { ...cachingFields(representation), ...validators }, segments: [] };
  }
  if (decision.kind === 'precondition-failed') {
    return { status: 412, headers: { ...validators, 'content-length': '0' }, segments: [] };
  }
  if (decision.kind === 'unsatisfiable') {
    const contentRange = formatUnsatisfiedRange(representation.length);
    const headers = { ...validators, 'content-range': contentRange, 'content-length': '0' };
    return { status: 416, headers, segments: [] };
  }
  const common = { ...fieldsToServe(representation.fields), ...inert, ...validators };
  return decision.kind === 'full'
    ? full(method, representation, common)
    : partial(decision.ranges, representation, common, options.boundary);
}

function full(method: 'GET' | 'HEAD', representation: Representation, common: AnswerFields): Answer {
  const { length } = representation;
  const sendsBody = method === 'GET' && length > 0;
  return {
    status: 200,
    headers: { ...common, 'content-type': typeOf(representation), 'content-length': String(length) },
    segments: sendsBody ? [{ kind: 'range', range: { start: 0, end: length } }] : [],
  };
}

/** One range is the body itself, even when several were asked and joined; only several make it multipart. */
function partial(
  ranges: readonly [ByteRange, ...ByteRange[]],
  representation: Representation,
  common: AnswerFields,
  boundary: string,
): Answer {
  const { length } = representation;
  const type = typeOf(representation);
  const [range, ...others] = ranges;
  if (others.length > 0) {
    const segments = multipartSegments(ranges, { length, mediaType: type }, boundary);
    const contentLength = String(segmentsLength(segments));
    const headers = { ...common, 'content-type': multipartType(boundary), 'content-length': contentLength };
    return { status: 206, headers, segments };
  }
  const headers = {
    ...common,
    'content-type': type,
    'content-range': formatContentRange(range, length),
    'content-length': String(range.end - range.start),
  };
  return { status: 206, headers, segments: [{ kind: 'range', range }] };
}

/** A Last-Modified in the future would be a lie that clients act on: it is never later than Date (section 8.8.2.1). */
function validatorFields({ etag, lastModified }: Representation, now: Date): AnswerFields {
  const modified = lastModified > now ? now : lastModified;
  return { etag: quoteEtag(etag), 'last-modified': formatHttpDate(modified), 'accept-ranges': 'bytes' };
}

function cachingFields({ fields }: Representation): AnswerFields {
  const served = Object.entries(fieldsToServe(fields));
  return Object.fromEntries(served.filter(([name]) => notModifiedFields.has(name)));
}

/** A bucket may have been filled by others: a type that would break the framing is none. */
function typeOf({ mediaType }: Representation): string {
  return mediaType !== '' && isFieldValue(mediaType) ? mediaType : 'application/octet-stream';
}
