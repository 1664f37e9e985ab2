/**
 * Preconditions in the order of RFC 9110, section 13.2.2; Range comes after them. All are evaluated against the
 * representation that the answer would be made of, in one go, so that no answer mixes two.
 *
 * Malformed values fail safe: an If-Match that cannot be read matches nothing, nor does an If-None-Match; a date
 * that cannot be read is ignored, as the RFC asks.
 */
import type { RequestConditions } from './conditions.ts';
import { parseHttpDate, wholeSecond } from './date.ts';
import {
  type EntityTag,
  matchesStrongly,
  matchesWeakly,
  parseEntityTag,
  parseEntityTags,
} from './validators.ts';

export type PreconditionOutcome = 'proceed' | 'not-modified' | 'precondition-failed';

/** What a representation is told apart by. Sluice's own always have both; what else is asked may lack either. */
export interface Validators {
  /** The entity tag, raw: no quotes. */
  readonly etag?: string | undefined;
  /** Whether `etag` came with `W/`: it never matches strongly. */
  readonly isWeak?: boolean;
  readonly lastModified?: Date | undefined;
}

/**
 * Whether a request may proceed on `current`, which is `undefined` when the URL selects nothing yet. GET and HEAD
 * read, every other method writes. A read or deletion of nothing is 404 without asking (section 13.2.1).
 */
export function evaluatePreconditions(
  purpose: 'read' | 'write',
  conditions: RequestConditions,
  current: Validators | undefined,
  now: Date,
): PreconditionOutcome {
  if (conditions.ifMatch !== undefined) {
    if (!passesIfMatch(conditions.ifMatch, current)) return 'precondition-failed';
  } else if (!passesIfUnmodifiedSince(conditions.ifUnmodifiedSince, current, now)) {
    return 'precondition-failed';
  }
  if (conditions.ifNoneMatch !== undefined) {
    if (passesIfNoneMatch(conditions.ifNoneMatch, current)) return 'proceed';
    return purpose === 'read' ? 'not-modified' : 'precondition-failed';
  }
  return purpose === 'read' && !passesIfModifiedSince(conditions.ifModifiedSince, current, now)
    ? 'not-modified'
    : 'proceed';
}

/** If-Match, section 13.1.1: strong comparison; `*` asks that there is something. */
export function passesIfMatch(field: string, current: Validators | undefined): boolean {
  const tags = parseEntityTags(field);
  if (!current || !tags) return false;
  return tags === '*' || tags.some((tag) => isSameStrongly(tag, current));
}

/** If-None-Match, section 13.1.2: weak comparison; `*` asks that there is nothing. */
export function passesIfNoneMatch(field: string, current: Validators | undefined): boolean {
  const tags = parseEntityTags(field);
  if (!current || !tags) return true;
  return tags !== '*' && !tags.some((tag) => current.etag !== undefined && matchesWeakly(tag, current.etag));
}

/** If-Modified-Since, section 13.1.3: what cannot be read, or compared with anything, is ignored. */
export function passesIfModifiedSince(
  field: string | undefined,
  current: Validators | undefined,
  now: Date,
): boolean {
  const since = field === undefined ? undefined : parseHttpDate(field, now);
  return !since || !current?.lastModified || wholeSecond(current.lastModified) > since.getTime();
}

/** If-Unmodified-Since, section 13.1.4: what cannot be read, or compared with anything, is ignored. */
export function passesIfUnmodifiedSince(
  field: string | undefined,
  current: Validators | undefined,
  now: Date,
): boolean {
  const since = field === undefined ? undefined : parseHttpDate(field, now);
  return !since || !current?.lastModified || wholeSecond(current.lastModified) <= since.getTime();
}

/**
 * Whether Range applies (section 13.1.5): there is no If-Range, or it names exactly this representation, by strong
 * entity tag or by exactly its Last-Modified. A date is a strong validator when the client saw a Date at least one
 * second past it (section 8.8.2.2); only the client can know that, and must not send the date otherwise.
 */
export function passesIfRange(field: string | undefined, current: Validators, now: Date): boolean {
  if (field === undefined) return true;
  const tag = parseEntityTag(field);
  if (tag) return isSameStrongly(tag, current);
  const { lastModified } = current;
  return lastModified !== undefined && parseHttpDate(field, now)?.getTime() === wholeSecond(lastModified);
}

function isSameStrongly(tag: EntityTag, { etag, isWeak = false }: Validators): boolean {
  return etag !== undefined && !isWeak && matchesStrongly(tag, etag);
}
