/**
 * Something more about what it stands at, opened by a press. What may hold buttons; for words alone see tooltip.tsx. The
 * button is there at once; what opens comes after the first picture.
 */
import { lazy, Suspense } from 'react';
import type { ExplainedProps, PopoverProps } from './popover-sheet.tsx';
import explained from './explained.module.css';

const PopoverSheet = lazy(async () => ({ default: (await import('./popover-sheet.tsx')).PopoverSheet }));
const ExplainedSheet = lazy(async () => ({ default: (await import('./popover-sheet.tsx')).ExplainedSheet }));

export function Popover(props: PopoverProps) {
  return (
    <Suspense fallback={props.trigger}>
      <PopoverSheet {...props} />
    </Suspense>
  );
}

/** A word with a "what is this": on hover, and on a press for the keyboard and for touch. */
export function Explained(props: ExplainedProps) {
  return (
    <Suspense
      fallback={
        <button type="button" className={explained['term']}>
          {props.children}
        </button>
      }
    >
      <ExplainedSheet {...props} />
    </Suspense>
  );
}
