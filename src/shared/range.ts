/**
 * Byte ranges (RFC 9110, section 14): what a `Range` header asks for and what it means for one representation.
 * Pure, so that the server serves with it and the console explains with it.
 *
 * Outcomes are values. A header that is malformed or names another unit is *ignored* (the answer is the whole
 * representation, section 14.2); one that no byte can satisfy is *unsatisfiable* (416). Numbers of any length are
 * legal: they are compared as integers of any size and clamped to the representation.
 */

/** Half-open: `start` is in, `end` is not. Inclusive positions exist only in header text. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export type RangeResolution =
  | { readonly kind: 'full' }
  | { readonly kind: 'partial'; readonly ranges: readonly [ByteRange, ...ByteRange[]] }
  | { readonly kind: 'unsatisfiable' };

/** One member of a range set, as asked. */
export type RangeSpec =
  | { readonly kind: 'bounded'; readonly first: bigint; readonly last: bigint }
  | { readonly kind: 'open'; readonly first: bigint }
  | { readonly kind: 'suffix'; readonly length: bigint };

export interface RangeLimits {
  /** More members than this and the header is ignored (RFC 9110, section 14.2 allows it). */
  readonly maxRanges: number;
  /** Ranges at most this many bytes apart are joined: a part's header between them would cost about as much. */
  readonly joinGapBytes: number;
}

export const defaultRangeLimits: RangeLimits = { maxRanges: 16, joinGapBytes: 80 };

/**
 * The members of a `Range` field value, or `undefined` when it must be ignored: another unit, bad syntax, or a
 * `first` beyond its `last`. Empty list members are skipped (RFC 9110, section 5.6.1.2), blanks around members too.
 */
export function parseRange(header: string | undefined): readonly RangeSpec[] | undefined {
  const match = /^bytes=(.*)$/is.exec(header?.trim() ?? '');
  if (!match) return undefined;
  const specs: RangeSpec[] = [];
  for (const member of (match[1] ?? '').split(',')) {
    if (/^[ \t]*$/.test(member)) continue;
    const spec = parseMember(member);
    if (!spec) return undefined;
    specs.push(spec);
  }
  return specs.length > 0 ? specs : undefined;
}

function parseMember(member: string): RangeSpec | undefined {
  const match = /^[ \t]*(\d*)-(\d*)[ \t]*$/.exec(member);
  if (!match) return undefined;
  const [, first = '', last = ''] = match;
  if (first === '') return last === '' ? undefined : { kind: 'suffix', length: BigInt(last) };
  if (last === '') return { kind: 'open', first: BigInt(first) };
  const bounded = { kind: 'bounded', first: BigInt(first), last: BigInt(last) } as const;
  return bounded.last < bounded.first ? undefined : bounded;
}

/**
 * What `specs` select of a representation of `length` bytes. Unsatisfiable members are dropped; overlapping and near
 * ones are joined, so that an answer never carries more bytes than the representation has. The order is the one
 * asked; a joined range takes the place of its earliest member (RFC 9110, section 15.3.7.2).
 */
export function resolveRange(
  specs: readonly RangeSpec[] | undefined,
  length: number,
  limits: RangeLimits = defaultRangeLimits,
): RangeResolution {
  if (!specs || specs.length > limits.maxRanges) return { kind: 'full' };
  if (length === 0 && specs.some(isSatisfiableSuffix)) return { kind: 'full' };
  const ranges = specs.map((spec) => resolveMember(spec, length)).filter((range) => range !== undefined);
  const [first, ...rest] = joinRanges(ranges, limits.joinGapBytes);
  return first ? { kind: 'partial', ranges: [first, ...rest] } : { kind: 'unsatisfiable' };
}

/** The last bytes of nothing are nothing: satisfiable (section 14.1.2), but no Content-Range can say it. */
function isSatisfiableSuffix(spec: RangeSpec): boolean {
  return spec.kind === 'suffix' && spec.length > 0n;
}

function resolveMember(spec: RangeSpec, length: number): ByteRange | undefined {
  const size = BigInt(length);
  if (spec.kind === 'suffix') {
    if (spec.length === 0n) return undefined;
    return { start: spec.length >= size ? 0 : length - Number(spec.length), end: length };
  }
  if (spec.first >= size) return undefined;
  const end = spec.kind === 'open' || spec.last >= size ? length : Number(spec.last) + 1;
  return { start: Number(spec.first), end };
}

function joinRanges(ranges: readonly ByteRange[], gapBytes: number): readonly ByteRange[] {
  const sorted = ranges.map((range, asked) => ({ ...range, asked })).toSorted((a, b) => a.start - b.start);
  const joined: (ByteRange & { readonly asked: number })[] = [];
  for (const range of sorted) {
    const previous = joined.at(-1);
    if (previous && range.start - previous.end <= gapBytes) {
      const [end, asked] = [Math.max(previous.end, range.end), Math.min(previous.asked, range.asked)];
      joined[joined.length - 1] = { start: previous.start, end, asked };
    } else {
      joined.push(range);
    }
  }
  return joined.toSorted((a, b) => a.asked - b.asked).map(({ start, end }) => ({ start, end }));
}
