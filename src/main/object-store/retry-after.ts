/** `Retry-After` (RFC 9110, section 10.2.3): how long a server wants to be left alone. */

/**
 * In milliseconds, for an answer that asks for fewer requests: 429 or 503. 0 when it does not say for how long, or the
 * date has passed. `undefined` for any other answer: trouble of another kind says nothing about how much is too much.
 */
export function throttledForMs(status: number | undefined, field: string | undefined): number | undefined {
  return status === 429 || status === 503 ? (retryAfterMs(field) ?? 0) : undefined;
}

/** In milliseconds; `undefined` when the field is absent or damaged. */
export function retryAfterMs(field: string | undefined): number | undefined {
  if (field === undefined) return undefined;
  if (/^\d{1,9}$/.test(field)) return Number(field) * 1000;
  const at = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/.test(field)
    ? Date.parse(field)
    : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}
