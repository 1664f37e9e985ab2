/** The dialogs of the shell, loaded when somebody opens the first. */
import { lazy, Suspense } from 'react';

export type DialogName = 'palette' | 'shortcuts' | 'server' | 'bucket';

export interface ShellDialogProps {
  readonly onClose: () => void;
  /** Opens another one instead. */
  readonly onOpen: (name: DialogName) => void;
}

const dialogs = {
  palette: lazy(async () => ({ default: (await import('./palette.tsx')).Palette })),
  shortcuts: lazy(async () => ({ default: (await import('./shortcuts-sheet.tsx')).ShortcutsSheet })),
  server: lazy(async () => ({ default: (await import('./add-server.tsx')).AddServer })),
  bucket: lazy(async () => ({ default: (await import('./bucket-form.tsx')).BucketForm })),
};

export function ShellDialog({ name, ...props }: ShellDialogProps & { readonly name: DialogName }) {
  const Dialog = dialogs[name];
  return (
    <Suspense>
      <Dialog {...props} />
    </Suspense>
  );
}
