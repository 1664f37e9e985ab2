/**
 * A word with a "what is this": on a press for the keyboard and for touch, and when a pointer rests on it. The pointer
 * may go on to what has opened; a press makes it stay.
 */
import { type PointerEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useOnDemand } from './on-demand.ts';
import { popoverSheet } from './popover.tsx';
import styles from './explained.module.css';

const restMs = 300;
const leaveMs = 150;

interface ExplainedProps {
  /** The word or number that is explained. */
  readonly children: ReactNode;
  /** What it is, in plain sentences. */
  readonly what: ReactNode;
  readonly title?: string;
}

export function Explained({ children, what, title }: ExplainedProps) {
  const [by, openBy] = useState<'pointer' | 'press'>();
  const after = useDelay();
  const leave = (): void => after(leaveMs, () => openBy((now) => (now === 'pointer' ? undefined : now)));
  const trigger = (
    <button
      type="button"
      className={styles['term']}
      onPointerMove={({ pointerType }: PointerEvent) => {
        if (pointerType === 'mouse')
          after(by === undefined ? restMs : 0, () => openBy((now) => now ?? 'pointer'));
      }}
      onPointerLeave={leave}
    >
      {children}
    </button>
  );
  const opened = useOnDemand(popoverSheet, {
    kind: 'dialog',
    trigger,
    isOpen: by !== undefined,
    onOpen: (isOpen) => openBy(isOpen ? 'press' : undefined),
  });
  if (!opened.part) return opened.button;
  return (
    <opened.part.ExplainedSheet
      trigger={trigger}
      what={what}
      title={title}
      isHovered={by === 'pointer'}
      isOpen={opened.isOpen}
      onOpen={(isOpen, reason) =>
        openBy(isOpen || (reason === 'press' && by === 'pointer') ? 'press' : undefined)
      }
      onPointerEnter={() => after(0, () => undefined)}
      onPointerLeave={leave}
    />
  );
}

/** Does the last thing that it was given, after so many milliseconds, and forgets what it was given before. */
function useDelay(): (delayMs: number, act: () => void) => void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (delayMs, act) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(act, delayMs);
  };
}
