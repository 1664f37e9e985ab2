/** Words about a control, while the pointer or the focus is on it. Nothing may stand only here: touch has no hover. */
import type { ReactElement, ReactNode } from 'react';
import { Tooltip as Base } from '@base-ui/react/tooltip';
import styles from './popup.module.css';

interface TooltipProps {
  readonly words: ReactNode;
  /** The control: one element that can have the focus and passes its props and ref on. */
  readonly children: ReactElement<Record<string, unknown>>;
  readonly side?: 'top' | 'bottom' | 'left' | 'right';
}

export function Tooltip({ words, children, side = 'bottom' }: TooltipProps) {
  return (
    <Base.Root>
      <Base.Trigger render={children} delay={400} />
      <Base.Portal>
        <Base.Positioner className={styles['positioner']} side={side} sideOffset={6} collisionPadding={8}>
          <Base.Popup className={styles['popup']} data-kind="tooltip">
            {words}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
