/**
 * Something more about what it stands at, opened by a press and loaded when it is first opened. It may hold buttons;
 * what is only worth a few words is the `title` of its control.
 */
import type { ReactNode } from 'react';
import { OnDemand, type Trigger, useOnDemand } from './on-demand.ts';

/** With what explained.tsx opens. */
export const popoverSheet = new OnDemand(() => import('./popover-sheet.tsx'));

interface PopoverProps {
  readonly trigger: Trigger;
  readonly children: ReactNode;
  readonly title?: string;
  /** Its name, where it has no `title`. */
  readonly label?: string;
  readonly align?: 'start' | 'center' | 'end';
  readonly testId?: string;
  /** Given when whoever shows it also says whether it is open. */
  readonly isOpen?: boolean;
  readonly onOpen?: (isOpen: boolean) => void;
}

export function Popover({ trigger, isOpen, onOpen, ...shown }: PopoverProps) {
  const opened = useOnDemand(popoverSheet, { kind: 'dialog', trigger, isOpen, onOpen });
  if (!opened.part) return opened.button;
  return (
    <opened.part.PopoverSheet trigger={trigger} isOpen={opened.isOpen} onOpen={opened.onOpen} {...shown} />
  );
}
