/** What the conditional fields of a request came to, in the words of the request log. */
import type { FailedCondition, IfRangeVerdict, RangeKind } from '#shared/vocabulary/requests.ts';
import { defaultRangeLimits, parseRange } from '#shared/range.ts';
import type { RequestConditions } from './conditions.ts';
import {
  passesIfMatch,
  passesIfModifiedSince,
  passesIfNoneMatch,
  passesIfRange,
  passesIfUnmodifiedSince,
  type Validators,
} from './preconditions.ts';
import { parseEntityTag } from './validators.ts';

/** What sort of Range field it is; of several members it is `multi`, whatever they are, unless they are too many. */
export function rangeKindOf(range: string | undefined): RangeKind {
  if (range === undefined) return 'none';
  const specs = parseRange(range);
  const [first] = specs ?? [];
  if (!specs || !first || specs.length > defaultRangeLimits.maxRanges) return 'ignored';
  if (specs.length > 1) return 'multi';
  return first.kind === 'bounded' ? 'single' : first.kind;
}

/** The first precondition that does not hold, in the order of RFC 9110, section 13.2.2. */
export function failedCondition(
  conditions: RequestConditions,
  current: Validators,
  now: Date,
): FailedCondition | undefined {
  const { ifMatch, ifUnmodifiedSince, ifNoneMatch, ifModifiedSince } = conditions;
  if (ifMatch !== undefined) {
    if (!passesIfMatch(ifMatch, current)) return 'if-match';
  } else if (!passesIfUnmodifiedSince(ifUnmodifiedSince, current, now)) {
    return 'if-unmodified-since';
  }
  if (ifNoneMatch !== undefined) return passesIfNoneMatch(ifNoneMatch, current) ? undefined : 'if-none-match';
  return passesIfModifiedSince(ifModifiedSince, current, now) ? undefined : 'if-modified-since';
}

/**
 * What If-Range came to; `ignored` when it has no say: without Range, and for every method but GET (section 13.1.5).
 * A value that is neither an entity tag nor a date names no representation: a miss.
 */
export function ifRangeVerdict(
  method: string,
  { ifRange, range }: RequestConditions,
  current: Validators,
  now: Date,
): IfRangeVerdict | undefined {
  if (ifRange === undefined) return undefined;
  if (method !== 'GET' || range === undefined) return 'ignored';
  const passes = passesIfRange(ifRange, current, now);
  if (parseEntityTag(ifRange)) return passes ? 'etag-match' : 'etag-miss';
  return passes ? 'date-match' : 'date-miss';
}
