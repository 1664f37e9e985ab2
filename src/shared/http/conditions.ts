/** The request fields that decide which answer a representation gives (RFC 9110, sections 13 and 14). */
export interface RequestConditions {
  readonly ifMatch?: string | undefined;
  readonly ifUnmodifiedSince?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
  readonly ifModifiedSince?: string | undefined;
  readonly ifRange?: string | undefined;
  readonly range?: string | undefined;
}

/** As node's `headersDistinct`: names in lower case, every line that arrived. */
export type DistinctHeaders = Readonly<Record<string, readonly string[] | undefined>>;

/**
 * The conditions of a request. It takes `headersDistinct`, because in `headers` node drops all but the first line of
 * some fields (If-Modified-Since among them) and so would hide that they are malformed. Lines of one field are its
 * combined value (section 5.3): lists grow, and a repeated single-valued field becomes malformed.
 */
export function conditionsOf(headers: DistinctHeaders): RequestConditions {
  return {
    ifMatch: combined(headers, 'if-match'),
    ifUnmodifiedSince: combined(headers, 'if-unmodified-since'),
    ifNoneMatch: combined(headers, 'if-none-match'),
    ifModifiedSince: combined(headers, 'if-modified-since'),
    ifRange: combined(headers, 'if-range'),
    range: combined(headers, 'range'),
  };
}

/** The combined value of a field, or `undefined` when it is absent. */
export function combined(headers: DistinctHeaders, name: string): string | undefined {
  return headers[name]?.join(', ');
}
