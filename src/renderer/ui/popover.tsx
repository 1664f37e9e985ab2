/**
 * Something more about what it stands at, opened by a press and loaded when it is first opened. It may hold buttons;
 * what is only worth a few words is the `title` of its control.
 */
import type { ReactNode } from 'react';
import type { ExplainedProps } from './popover-sheet.tsx';
import { OnDemand, type Trigger, useOnDemand } from './on-demand.ts';
import explained from './explained.module.css';

const sheet = new OnDemand(() => import('./popover-sheet.tsx'));

interface PopoverProps {
  readonly trigger: Trigger;
  readonly children: ReactNode;
  readonly title?: string;
  readonly align?: 'start' | 'center' | 'end';
  readonly testId?: string;
  /** Given when whoever shows it also says whether it is open. */
  readonly isOpen?: boolean;
  readonly onOpen?: (isOpen: boolean) => void;
}

export function Popover({ trigger, isOpen, onOpen, ...shown }: PopoverProps) {
  const opened = useOnDemand(sheet, { kind: 'dialog', trigger, isOpen, onOpen });
  if (!opened.part) return opened.button;
  return (
    <opened.part.PopoverSheet trigger={trigger} isOpen={opened.isOpen} onOpen={opened.onOpen} {...shown} />
  );
}

/** A word with a "what is this": on hover, and on a press for the keyboard and for touch. */
export function Explained(props: ExplainedProps) {
  const word = (
    <button type="button" className={explained['term']}>
      {props.children}
    </button>
  );
  const opened = useOnDemand(sheet, { kind: 'dialog', trigger: word, takesPlace: 'when pointed at' });
  if (!opened.part) return opened.button;
  return <opened.part.ExplainedSheet isOpen={opened.isOpen} onOpen={opened.onOpen} {...props} />;
}
