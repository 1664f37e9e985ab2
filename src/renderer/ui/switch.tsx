/** On or off, at once. */
import type { ReactNode } from 'react';
import styles from './switch.module.css';

interface SwitchProps {
  /** Beside it: what is on. */
  readonly children: ReactNode;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
  readonly isDisabled?: boolean;
  readonly testId?: string;
}

export function Switch({ children, isOn, onChange, isDisabled = false, testId }: SwitchProps) {
  return (
    <label className={styles['label']}>
      <input
        type="checkbox"
        // oxlint-disable-next-line jsx-a11y/role-has-required-aria-props -- a checkbox says itself whether it is checked
        role="switch"
        className={styles['track']}
        checked={isOn}
        disabled={isDisabled}
        data-testid={testId}
        onChange={(event) => onChange(event.target.checked)}
      />
      {children}
    </label>
  );
}
