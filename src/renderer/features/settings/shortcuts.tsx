import { theShortcuts } from '../../state/shortcuts.ts';
import { Button } from '../../ui/button.tsx';
import { ShortcutsEditor } from '../shell/shortcuts-editor.tsx';
import styles from './console-section.module.css';

/** Every command with its keys, to change; the same list opens with `?`. */
export function Shortcuts() {
  return (
    <div className={styles['shortcuts']}>
      <ShortcutsEditor />
      <Button onPress={() => theShortcuts.resetAll()}>Reset all</Button>
    </div>
  );
}
