/** Files may be dropped anywhere on the window: while they are above it, it says so. */
import { useEffect, useState } from 'react';
import { openChosen } from '../../state/file-dialog.ts';
import styles from './drop-target.module.css';

export function DropTarget() {
  const [isAbove, setAbove] = useState(false);
  useEffect(() => {
    const over = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
      setAbove(true);
    };
    const leave = (event: DragEvent): void => {
      // Only when it leaves the window; between two elements there is another.
      if (event.relatedTarget === null) setAbove(false);
    };
    const drop = (event: DragEvent): void => {
      setAbove(false);
      // Somebody else has taken them.
      if (event.defaultPrevented || !hasFiles(event)) return;
      event.preventDefault();
      openChosen([...(event.dataTransfer?.files ?? [])]);
    };
    addEventListener('dragover', over);
    addEventListener('dragleave', leave);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragover', over);
      removeEventListener('dragleave', leave);
      removeEventListener('drop', drop);
    };
  }, []);
  if (!isAbove) return null;
  return (
    <div className={styles['target']} data-testid="drop-target" aria-hidden="true">
      <p>Drop to open</p>
      <span>A recording, an incident bundle or a profile. It stays on this machine.</span>
    </div>
  );
}

function hasFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes('Files') === true;
}
