/** The dialogs of the shell, loaded when somebody opens the first. */
import { Suspense } from 'react';
import { lazily } from '../../ui/lazily.ts';

export type DialogName = 'palette' | 'shortcuts' | 'server' | 'bucket';

export interface ShellDialogProps {
  readonly onClose: () => void;
  /** Opens another one instead. */
  readonly onOpen: (name: DialogName) => void;
}

const dialogs = {
  palette: lazily(async () => (await import('./palette.tsx')).Palette),
  shortcuts: lazily(async () => (await import('./shortcuts-sheet.tsx')).ShortcutsSheet),
  server: lazily(async () => (await import('./add-server.tsx')).AddServer),
  bucket: lazily(async () => (await import('./bucket-form.tsx')).BucketForm),
};

export function ShellDialog({ name, ...props }: ShellDialogProps & { readonly name: DialogName }) {
  const Dialog = dialogs[name];
  return (
    <Suspense>
      <Dialog {...props} />
    </Suspense>
  );
}
