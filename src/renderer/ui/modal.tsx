import { Suspense } from 'react';
import type { ModalProps } from './modal-dialog.tsx';
import { lazily } from './lazily.ts';

/** Loaded when the first one is opened. */
const ModalDialog = lazily(async () => (await import('./modal-dialog.tsx')).ModalDialog);

/** Asks or shows something before anything else goes on. Esc closes it; focus stays inside and then goes back. */
export function Modal(props: ModalProps) {
  return (
    <Suspense>
      <ModalDialog {...props} />
    </Suspense>
  );
}
