/** Rows that Page up and Page down pass over. */
const pageRows = 10;

/**
 * The row that a key leads to from row `at` of `count`, never outside of them; `undefined`: the key leads nowhere.
 * Before the first row is −1, after the last `count`.
 */
export function rowAfter(key: string, at: number, count: number): number | undefined {
  const to = target(key, at, count);
  return to === undefined || count === 0 ? undefined : Math.min(count - 1, Math.max(0, to));
}

function target(key: string, at: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
    case 'j':
      return at + 1;
    case 'ArrowUp':
    case 'k':
      return at - 1;
    case 'PageDown':
      return at + pageRows;
    case 'PageUp':
      return at - pageRows;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}
