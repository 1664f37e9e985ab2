import type { KeyboardEvent } from 'react';

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

interface Rows {
  /** Where the cursor is, as `rowAfter` has it. */
  readonly at: number;
  readonly count: number;
  /** Absent: there is no row at the cursor, or rows open nothing. */
  readonly onOpen?: (() => void) | undefined;
  readonly onMove: (to: number) => void;
}

/** A key on the rows of a table: Enter opens the one at the cursor, others lead to another one. */
export function pressOnRows(event: KeyboardEvent, { at, count, onOpen, onMove }: Rows): void {
  const to = rowAfter(event.key, at, count);
  const act = to !== undefined ? () => onMove(to) : event.key === 'Enter' ? onOpen : undefined;
  if (!act) return;
  // Taken: what opens has the focus at once, and would be pressed by the same key.
  event.preventDefault();
  act();
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
