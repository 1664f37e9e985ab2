import { type RefObject, useLayoutEffect, useRef } from 'react';
import type { RowList } from '../../../state/filtered-rows.ts';

interface Following {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly list: RowList;
  readonly rowHeight: number;
  /** How much of it is in sight, in pixels; 0 before that is known. */
  readonly viewHeight: number;
  readonly isFollowing: boolean;
}

interface Anchor {
  readonly number: number;
  readonly index: number;
}

/**
 * Keeps the end in view; or, when not following, keeps the rows that are being read where they are, whatever leaves or
 * comes before them. To scroll, and to ask where it stands, makes the browser lay the page out at once: at the end
 * that is done only when there are more rows or there is more room.
 */
export function useFollowing({ scroller, list, rowHeight, viewHeight, isFollowing }: Following): void {
  const anchor = useRef<Anchor>(undefined);
  const { size } = list;
  useLayoutEffect(() => {
    // Below the last row: the browser stops at the end.
    if (isFollowing) scroller.current?.scrollTo({ top: (size + 1) * rowHeight });
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- with more or less room the end is elsewhere
  }, [scroller, size, rowHeight, viewHeight, isFollowing]);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (isFollowing || !element) {
      anchor.current = undefined;
      return;
    }
    if (anchor.current) {
      const by = list.indexOf(anchor.current.number) - anchor.current.index;
      if (by !== 0) element.scrollBy({ top: by * rowHeight });
    }
    const index = Math.min(list.size - 1, Math.floor(element.scrollTop / rowHeight));
    anchor.current = index < 0 ? undefined : { number: list.at(index), index };
  });
}

/** The indexes of the rows at the end that fill `viewHeight`, and a few more. */
export function lastRows(size: number, viewHeight: number, rowHeight: number): readonly number[] {
  const first = Math.max(0, size - Math.ceil(viewHeight / rowHeight) - 2);
  return Array.from({ length: size - first }, (_, place) => first + place);
}
