/** The words of a request's record. */

/** Which level answered for a chunk. */
export const tiers = ['memory', 'disk', 'store'] as const;
export type Tier = (typeof tiers)[number];

/** What sort of Range field a request had; `ignored`: malformed, or of another unit. */
export const rangeKinds = ['none', 'single', 'open', 'suffix', 'multi', 'ignored'] as const;
export type RangeKind = (typeof rangeKinds)[number];

/** What If-Range came to: it named this very representation, by entity tag or date, or another one (→ 200). */
export const ifRangeVerdicts = ['etag-match', 'etag-miss', 'date-match', 'date-miss', 'ignored'] as const;
export type IfRangeVerdict = (typeof ifRangeVerdicts)[number];

/** The precondition that ended a request with 304 or 412. */
export const failedConditions = [
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
] as const;
export type FailedCondition = (typeof failedConditions)[number];
