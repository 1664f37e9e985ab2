/** On or off, at once. */
import type { ReactNode } from 'react';
import { Switch as Base } from '@base-ui/react/switch';
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
    // oxlint-disable-next-line jsx-a11y/label-has-associated-control -- the control is inside, under another name
    <label className={styles['label']}>
      <Base.Root
        className={styles['track']}
        checked={isOn}
        disabled={isDisabled}
        data-testid={testId}
        onCheckedChange={(next) => onChange(next)}
      >
        <Base.Thumb className={styles['thumb']} />
      </Base.Root>
      {children}
    </label>
  );
}
