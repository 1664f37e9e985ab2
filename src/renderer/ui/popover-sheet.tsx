/** What popover.tsx loads. */
import type { ReactNode } from 'react';
import { Popover as Base } from '@base-ui/react/popover';
import type { Trigger } from './on-demand.ts';
import explained from './explained.module.css';
import styles from './popup.module.css';

interface PopoverSheetProps {
  readonly trigger: Trigger;
  readonly children: ReactNode;
  readonly title?: string;
  readonly align?: 'start' | 'center' | 'end';
  readonly testId?: string;
  readonly isOpen: boolean;
  readonly onOpen: (isOpen: boolean) => void;
}

export function PopoverSheet({
  trigger,
  children,
  title,
  align = 'start',
  testId,
  isOpen,
  onOpen,
}: PopoverSheetProps) {
  return (
    <Base.Root open={isOpen} onOpenChange={(open) => onOpen(open)}>
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

interface ExplainedSheetProps extends ExplainedProps {
  readonly isOpen: boolean;
  readonly onOpen: (isOpen: boolean) => void;
}

export function ExplainedSheet({ children, what, title, isOpen, onOpen }: ExplainedSheetProps) {
  return (
    <Base.Root open={isOpen} onOpenChange={(open) => onOpen(open)}>
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
