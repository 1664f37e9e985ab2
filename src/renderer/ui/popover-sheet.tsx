/** What popover.tsx loads. */
import type { ComponentProps, ReactNode } from 'react';
import { Popover as Base } from '@base-ui/react/popover';
import type { Trigger } from './on-demand.ts';
import styles from './popup.module.css';

interface PopoverSheetProps {
  readonly trigger: Trigger;
  readonly children: ReactNode;
  readonly title?: string;
  readonly label?: string;
  readonly align?: 'start' | 'center' | 'end';
  readonly testId?: string;
  readonly isOpen: boolean;
  readonly onOpen: (isOpen: boolean) => void;
}

export function PopoverSheet({
  trigger,
  children,
  title,
  label,
  align = 'start',
  testId,
  isOpen,
  onOpen,
}: PopoverSheetProps) {
  return (
    <Base.Root open={isOpen} onOpenChange={(open) => onOpen(open)}>
      <Base.Trigger render={trigger} />
      <Sheet align={align} title={title} testId={testId} aria-label={label}>
        {children}
      </Sheet>
    </Base.Root>
  );
}

export interface ExplainedSheetProps {
  readonly trigger: Trigger;
  /** What it is, in plain sentences. */
  readonly what: ReactNode;
  readonly title: string | undefined;
  /** Whether a pointer opened it, which leaves the focus where it is. */
  readonly isHovered: boolean;
  readonly isOpen: boolean;
  readonly onOpen: (isOpen: boolean, by: 'press' | 'other') => void;
  readonly onPointerEnter: () => void;
  readonly onPointerLeave: () => void;
}

/** The words behind a word. */
export function ExplainedSheet(props: ExplainedSheetProps) {
  const { trigger, what, title, isHovered, isOpen, onOpen, onPointerEnter, onPointerLeave } = props;
  return (
    <Base.Root
      open={isOpen}
      onOpenChange={(open, { reason }) => onOpen(open, reason === 'trigger-press' ? 'press' : 'other')}
    >
      <Base.Trigger render={trigger} />
      <Sheet
        align="start"
        title={title}
        testId={undefined}
        {...(isHovered ? { initialFocus: false, finalFocus: false } : {})}
        onPointerEnter={onPointerEnter}
        onPointerLeave={onPointerLeave}
      >
        {what}
      </Sheet>
    </Base.Root>
  );
}

interface SheetProps extends Pick<
  ComponentProps<typeof Base.Popup>,
  'aria-label' | 'initialFocus' | 'finalFocus' | 'onPointerEnter' | 'onPointerLeave'
> {
  readonly align: 'start' | 'center' | 'end';
  readonly title: string | undefined;
  readonly testId: string | undefined;
  readonly children: ReactNode;
}

function Sheet({ align, title, testId, children, ...popup }: SheetProps) {
  return (
    <Base.Portal>
      <Base.Positioner className={styles['positioner']} sideOffset={4} align={align} collisionPadding={8}>
        <Base.Popup className={styles['popup']} data-kind="popover" data-testid={testId} {...popup}>
          {title !== undefined && <Base.Title className={styles['title']}>{title}</Base.Title>}
          {children}
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  );
}
