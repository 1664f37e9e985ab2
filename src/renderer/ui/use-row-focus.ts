import { type KeyboardEvent, type RefObject, useRef, useState } from 'react';
import { pressOnRows } from './row-keys.ts';
import { useEscape } from './use-escape.ts';

interface Rows<K> {
  /** Of the rows that can be opened, in order. */
  readonly keys: readonly K[];
  readonly openedKey: K | undefined;
  readonly onOpen: (key: K) => void;
  /** Absent: Esc is for something else. */
  readonly onClose?: (() => void) | undefined;
}

interface RowFocus {
  /** For the table. */
  readonly table: {
    readonly ref: RefObject<HTMLTableElement | null>;
    readonly role: 'grid';
    readonly 'aria-rowcount': number;
    readonly onKeyDown: (event: KeyboardEvent) => void;
  };
  /** For each row that can be opened; nothing else in the table's bodies is a row with a `tabIndex`. */
  readonly rowAt: (index: number) => {
    readonly tabIndex: 0 | -1;
    readonly 'aria-rowindex': number;
    readonly 'aria-selected': boolean;
    readonly onFocus: () => void;
    readonly onClick: () => void;
  };
}

/**
 * Rows that take focus one at a time: arrow keys move it, Enter opens a row, Esc closes what is open and goes back to
 * its row, a click opens.
 */
export function useRowFocus<K extends string | number>(rows: Rows<K>): RowFocus {
  const { keys, openedKey, onOpen, onClose } = rows;
  const [focused, setFocused] = useState<K>();
  const ref = useRef<HTMLTableElement>(null);
  const indexOf = (key: K | undefined): number => (key === undefined ? 0 : Math.max(0, keys.indexOf(key)));
  const at = indexOf(focused ?? openedKey);
  const focusRow = (index: number): void => {
    const row = ref.current?.querySelectorAll<HTMLElement>('tbody > tr[tabindex]')[index];
    row?.focus();
    row?.scrollIntoView({ block: 'nearest' });
  };
  useEscape(openedKey !== undefined && onClose !== undefined, () => {
    onClose?.();
    focusRow(indexOf(openedKey));
  });
  const onKeyDown = (event: KeyboardEvent): void => {
    // The links and menus in a row have keys of their own.
    if (!(event.target instanceof HTMLTableRowElement)) return;
    const key = keys[at];
    const open = key === undefined ? undefined : () => onOpen(key);
    pressOnRows(event, { at, count: keys.length, onOpen: open, onMove: focusRow });
  };
  return {
    table: { ref, role: 'grid', 'aria-rowcount': keys.length + 1, onKeyDown },
    rowAt: (index) => {
      const key = keys[index];
      return {
        tabIndex: index === at ? 0 : -1,
        'aria-rowindex': index + 2,
        'aria-selected': key !== undefined && key === openedKey,
        onFocus: () => setFocused(key),
        onClick: () => {
          if (key !== undefined) onOpen(key);
        },
      };
    },
  };
}
