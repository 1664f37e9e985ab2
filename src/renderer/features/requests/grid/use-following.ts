import { type RefObject, useLayoutEffect, useRef } from 'react';
import type { RowList } from '../../../state/filtered-rows.ts';

interface Following {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly list: RowList;
  readonly rowHeight: number;
  readonly isFollowing: boolean;
}

interface Anchor {
  readonly number: number;
  readonly index: number;
}

/**
 * Keeps the end in view; or, when not following, keeps the rows that are being read where they are, whatever leaves or
 * comes before them.
 */
export function useFollowing({ scroller, list, rowHeight, isFollowing }: Following): void {
  const anchor = useRef<Anchor>(undefined);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    // Below the last row: the browser stops at the end.
    if (isFollowing) element.scrollTo({ top: (list.size + 1) * rowHeight });
    else if (anchor.current) {
      const by = list.indexOf(anchor.current.number) - anchor.current.index;
      if (by !== 0) element.scrollBy({ top: by * rowHeight });
    }
    const index = Math.min(list.size - 1, Math.floor(element.scrollTop / rowHeight));
    anchor.current = index < 0 ? undefined : { number: list.at(index), index };
  });
}
