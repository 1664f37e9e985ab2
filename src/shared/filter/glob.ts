/** Wildcards: `*` for any characters, `?` for one. Case does not matter. */

export function hasWildcard(text: string): boolean {
  return /[*?]/.test(text);
}

/**
 * Whether the whole of `text` matches `pattern`; both in lower case. It goes back to the last `*` only, so that no
 * pattern takes longer than the product of both lengths.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  let at = 0;
  let next = 0;
  let star = -1;
  let resume = 0;
  while (at < text.length) {
    const sign = pattern[next];
    if (sign === '*') {
      star = next;
      resume = at;
      next += 1;
    } else if (sign !== undefined && (sign === '?' || sign === text[at])) {
      next += 1;
      at += 1;
    } else if (star >= 0) {
      resume += 1;
      at = resume;
      next = star + 1;
    } else {
      return false;
    }
  }
  while (pattern[next] === '*') next += 1;
  return next === pattern.length;
}
