import { lazy, Suspense } from 'react';
import type { ModalProps } from './modal-dialog.tsx';

/** Loaded when the first one is opened. */
const ModalDialog = lazy(async () => ({ default: (await import('./modal-dialog.tsx')).ModalDialog }));

/** Asks or shows something before anything else goes on. Esc closes it; focus stays inside and then goes back. */
export function Modal(props: ModalProps) {
  return (
    <Suspense>
      <ModalDialog {...props} />
    </Suspense>
  );
}
