import { theShortcuts } from '../../state/shortcuts.ts';
import { Button } from '../../ui/button.tsx';
import { Modal } from '../../ui/modal.tsx';
import type { ShellDialogProps } from './dialogs.tsx';
import { ShortcutsEditor } from './shortcuts-editor.tsx';

/** All commands and their keys, which can be changed. */
export function ShortcutsSheet({ onClose }: ShellDialogProps) {
  return (
    <Modal
      title="Keyboard shortcuts"
      size="wide"
      testId="shortcuts"
      onClose={onClose}
      actions={
        <>
          <Button weight="quiet" onPress={() => theShortcuts.resetAll()}>
            Reset all
          </Button>
          <Button onPress={onClose}>Close</Button>
        </>
      }
    >
      <ShortcutsEditor />
    </Modal>
  );
}
