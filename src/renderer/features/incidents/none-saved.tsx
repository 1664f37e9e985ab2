import { CopyButton } from '../../ui/copy-button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { useIncidents } from './context.ts';
import styles from './none-saved.module.css';

const command = 'sluice record save --last 5m --note "slow again" -o slow.sluicerec';

export function NoneSaved() {
  const { list, mayChange } = useIncidents();
  return (
    <EmptyState kind="nothing" title="Nothing is saved yet" testId="none-saved">
      <p>
        An alert saves what was recorded from a minute before it.{' '}
        {mayChange && list.state.rolling.isOn && (
          <>
            <kbd>Shift+R</kbd> saves the last 15 minutes at any time, <kbd>R</kbd> starts a recording that
            goes on until <kbd>R</kbd>.
          </>
        )}
      </p>
      <div className={styles['command']}>
        <code>{command}</code>
        <CopyButton text={command} />
      </div>
    </EmptyState>
  );
}
