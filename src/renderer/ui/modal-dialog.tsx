import { type ReactNode, useRef } from 'react';
import { Dialog } from '@base-ui/react/dialog';
import { IconButton } from './button.tsx';
import { closePath } from './icons.tsx';
import styles from './modal.module.css';

export interface ModalProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** What can be done, at its foot: the harmless first. */
  readonly actions?: ReactNode;
  /** `wide`: for long lines, which have the whole body. */
  readonly size?: 'plain' | 'wide';
  readonly testId?: string;
}

/** Where focus begins: at a long text, to scroll it, or where something is typed, else at the harmless answer. */
const firstFocus = ['[role="log"]', '[data-first-focus]', 'footer button', 'header button'];

/** What modal.tsx loads. */
export function ModalDialog({ title, onClose, children, actions, size = 'plain', testId }: ModalProps) {
  const popup = useRef<HTMLDivElement>(null);
  const begin = (): HTMLElement | null =>
    firstFocus.map((each) => popup.current?.querySelector<HTMLElement>(each)).find((each) => each) ?? null;
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles['backdrop']} />
        <Dialog.Popup
          ref={popup}
          className={styles['modal']}
          data-size={size}
          data-testid={testId}
          initialFocus={begin}
        >
          <header className={styles['head']}>
            <Dialog.Title>{title}</Dialog.Title>
            <IconButton icon={closePath} name="Close" onPress={onClose} />
          </header>
          <div className={styles['body']} data-flush={size === 'wide'}>
            {children}
          </div>
          {actions !== undefined && <footer className={styles['foot']}>{actions}</footer>}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
