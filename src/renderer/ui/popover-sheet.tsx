/** What popover.tsx loads. */
import type { ReactElement, ReactNode } from 'react';
import { Popover as Base } from '@base-ui/react/popover';
import styles from './popup.module.css';
import explained from './explained.module.css';

export interface PopoverProps {
  /** The button that opens it: one element that passes its props and ref on. */
  readonly trigger: ReactElement<Record<string, unknown>>;
  readonly children: ReactNode;
  readonly title?: string;
  readonly align?: 'start' | 'center' | 'end';
  readonly testId?: string;
  /** Given when whoever shows it also says whether it is open. */
  readonly isOpen?: boolean;
  readonly onOpen?: (isOpen: boolean) => void;
}

export function PopoverSheet({
  trigger,
  children,
  title,
  align = 'start',
  testId,
  isOpen,
  onOpen,
}: PopoverProps) {
  return (
    <Base.Root {...(isOpen === undefined ? {} : { open: isOpen })} onOpenChange={(open) => onOpen?.(open)}>
      <Base.Trigger render={trigger} />
      <Sheet align={align} title={title} testId={testId}>
        {children}
      </Sheet>
    </Base.Root>
  );
}

export interface ExplainedProps {
  /** The word or number that is explained. */
  readonly children: ReactNode;
  /** What it is, in plain sentences. */
  readonly what: ReactNode;
  readonly title?: string;
}

/** A word with a "what is this": on hover, and on a press for the keyboard and for touch. */
export function ExplainedSheet({ children, what, title }: ExplainedProps) {
  return (
    <Base.Root>
      <Base.Trigger className={explained['term']} openOnHover delay={300}>
        {children}
      </Base.Trigger>
      <Sheet align="start" title={title} testId={undefined}>
        {what}
      </Sheet>
    </Base.Root>
  );
}

interface SheetProps {
  readonly align: 'start' | 'center' | 'end';
  readonly title: string | undefined;
  readonly testId: string | undefined;
  readonly children: ReactNode;
}

function Sheet({ align, title, testId, children }: SheetProps) {
  return (
    <Base.Portal>
      <Base.Positioner className={styles['positioner']} sideOffset={4} align={align} collisionPadding={8}>
        <Base.Popup className={styles['popup']} data-kind="popover" data-testid={testId}>
          {title !== undefined && <Base.Title className={styles['title']}>{title}</Base.Title>}
          {children}
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  );
}
