import type { ReactNode, Ref } from 'react';
import { Icon } from './icons.tsx';
import styles from './button.module.css';

interface ButtonProps {
  readonly onPress: () => void;
  readonly children: ReactNode;
  /** `main`: what one came for. `quiet`: among many. `grave`: takes something away. */
  readonly weight?: 'plain' | 'main' | 'quiet' | 'grave';
  readonly icon?: string;
  readonly title?: string;
  readonly isDisabled?: boolean | undefined;
}

export function Button({ onPress, children, weight = 'plain', icon, title, isDisabled }: ButtonProps) {
  return (
    <button
      type="button"
      className={styles['button']}
      data-weight={weight}
      title={title}
      disabled={isDisabled}
      onClick={onPress}
    >
      {icon !== undefined && <Icon path={icon} />}
      {children}
    </button>
  );
}

interface IconButtonProps {
  readonly icon: string;
  /** Its name: there is no word beside it. */
  readonly name: string;
  readonly onPress: () => void;
  readonly ref?: Ref<HTMLButtonElement>;
}

export function IconButton({ icon, name, onPress, ref }: IconButtonProps) {
  return (
    <button
      ref={ref}
      type="button"
      className={styles['icon']}
      aria-label={name}
      title={name}
      onClick={onPress}
    >
      <Icon path={icon} />
    </button>
  );
}
