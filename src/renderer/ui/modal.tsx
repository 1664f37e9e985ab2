import { type ReactNode, useId, useLayoutEffect, useRef } from 'react';
import { IconButton } from './button.tsx';
import { closePath } from './icons.tsx';
import styles from './modal.module.css';

interface ModalProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** What can be done, at its foot: the harmless first. */
  readonly actions: ReactNode;
  /** `wide`: for long lines, which have the whole body. */
  readonly size?: 'plain' | 'wide';
  readonly testId?: string;
}

/** Where focus begins: at a long text, to scroll it, else at the harmless answer. */
const firstFocus = '[role="log"], footer button';

/** Asks or shows something before anything else goes on. Esc closes it; focus stays inside and then goes back. */
export function Modal({ title, onClose, children, actions, size = 'plain', testId }: ModalProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useLayoutEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    element?.querySelector<HTMLElement>(firstFocus)?.focus();
    return () => {
      element?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className={styles['modal']}
      data-size={size}
      data-testid={testId}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <header className={styles['head']}>
        <h2 id={titleId}>{title}</h2>
        <IconButton icon={closePath} name="Close" onPress={onClose} />
      </header>
      <div className={styles['body']} data-flush={size === 'wide'}>
        {children}
      </div>
      <footer className={styles['foot']}>{actions}</footer>
    </dialog>
  );
}
