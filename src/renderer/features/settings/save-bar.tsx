/** What was typed and not saved, and what becomes of it. */
import { settings, type Setting, type SettingName } from '#shared/config.ts';
import { Button } from '../../ui/button.tsx';
import styles from './save-bar.module.css';

interface SaveBarProps {
  readonly changed: readonly SettingName[];
  readonly problems: number;
  readonly isSaving: boolean;
  readonly path: string;
  readonly onSave: () => void;
  readonly onDiscard: () => void;
}

export function SaveBar({ changed, problems, isSaving, path, onSave, onDiscard }: SaveBarProps) {
  if (changed.length === 0 && problems === 0) return null;
  const later = changed.filter((name) => (settings[name] as Setting).applies !== 'now').length;
  return (
    <footer className={styles['bar']} data-testid="save-bar">
      <p>
        <strong>{changed.length === 1 ? '1 change' : `${changed.length} changes`}</strong>
        {problems > 0 && <span className={styles['bad']}> · {problems} cannot be saved</span>}
        {later > 0 && (
          <span> · {later === changed.length ? '' : `${later} of them `}in force after a restart</span>
        )}
        <span className={styles['path']} title={path}>
          {' '}
          · kept in {path}
        </span>
      </p>
      <Button onPress={onDiscard}>Discard</Button>
      <Button weight="main" isDisabled={problems > 0 || changed.length === 0 || isSaving} onPress={onSave}>
        {isSaving ? 'Saving' : 'Save'}
      </Button>
    </footer>
  );
}
