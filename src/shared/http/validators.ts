/**
 * Entity tags (RFC 9110, section 8.8.3). Sluice's own are strong, and their raw values need no escaping anywhere:
 * in a header, a file name or a bucket. Those of a request may be anything that the grammar allows, commas included.
 */
import { SluiceError } from '#shared/errors.ts';

export interface EntityTag {
  readonly weak: boolean;
  /** What stands between the quotes. */
  readonly raw: string;
}

const rawPattern = /^[A-Za-z0-9._:/+=-]+$/;
const entityTag = /(?<weak>W\/)?"(?<raw>[\x21\x23-\x7e\x80-\xff]*)"/y;
const separator = /[ \t]*(?:,[ \t]*|$)/y;

/** The field value of a raw, strong validator. */
export function quoteEtag(raw: string): string {
  return `"${raw}"`;
}

/**
 * The members of If-Match or If-None-Match, `*`, or `undefined` when the value is malformed. Empty members are
 * skipped.
 */
export function parseEntityTags(text: string): '*' | readonly EntityTag[] | undefined {
  const value = text.trim();
  if (value === '*') return value;
  const tags: EntityTag[] = [];
  let at = 0;
  while (at < value.length) {
    const tag = matchAt(entityTag, value, at);
    if (tag) tags.push(toEntityTag(tag));
    at += tag?.[0].length ?? 0;
    const end = matchAt(separator, value, at);
    if (!end) return undefined;
    at += end[0].length;
  }
  return tags.length > 0 ? tags : undefined;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function toEntityTag({ groups }: RegExpExecArray): EntityTag {
  return { weak: groups?.['weak'] !== undefined, raw: groups?.['raw'] ?? '' };
}

/** A single entity tag, or `undefined`. */
export function parseEntityTag(text: string): EntityTag | undefined {
  const value = text.trim();
  const tag = matchAt(entityTag, value, 0);
  return tag?.[0].length === value.length ? toEntityTag(tag) : undefined;
}

/** Strong comparison with a strong validator: equal and not weak (section 8.8.3.2). */
export function matchesStrongly(tag: EntityTag, raw: string): boolean {
  return !tag.weak && tag.raw === raw;
}

/** Weak comparison: equal, weak or not. */
export function matchesWeakly(tag: EntityTag, raw: string): boolean {
  return tag.raw === raw;
}

/**
 * The raw validator that an upload's `ETag` field sets; `undefined` when there is no such field.
 * @throws SluiceError INVALID_INPUT when it is weak, unquoted or uses other characters than Sluice's validators do.
 */
export function requestedEtag(field: string | undefined): string | undefined {
  if (field === undefined) return undefined;
  const tag = parseEntityTag(field);
  if (tag && !tag.weak && rawPattern.test(tag.raw)) return tag.raw;
  throw new SluiceError(
    'INVALID_INPUT',
    `ETag ${field}: allowed is one strong entity tag in quotes, made of letters, digits and . _ : / + = -`,
  );
}
