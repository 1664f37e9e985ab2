import type { ComponentProps, MouseEvent, ReactNode } from 'react';
import { Icon } from './icons.tsx';
import styles from './button.module.css';

/** What a menu or a popover adds to the button that opens it. */
type Passed = Omit<ComponentProps<'button'>, 'type' | 'className' | 'disabled' | 'children' | 'onClick'> & {
  readonly onClick?: (event: MouseEvent<HTMLButtonElement>) => void;
};

interface ButtonProps extends Passed {
  /** Absent where it opens a menu or a popover: those bring it. */
  readonly onPress?: () => void;
  readonly children: ReactNode;
  /** `main`: what one came for. `quiet`: among many. `grave`: takes something away. */
  readonly weight?: 'plain' | 'main' | 'quiet' | 'grave';
  readonly icon?: string;
  readonly isDisabled?: boolean | undefined;
}

export function Button({
  onPress,
  onClick,
  children,
  weight = 'plain',
  icon,
  isDisabled,
  ...passed
}: ButtonProps) {
  return (
    <button
      {...passed}
      type="button"
      className={styles['button']}
      data-weight={weight}
      disabled={isDisabled}
      onClick={(event) => {
        onClick?.(event);
        onPress?.();
      }}
    >
      {icon !== undefined && <Icon path={icon} />}
      {children}
    </button>
  );
}

interface LinkButtonProps {
  /** As `placeHash` makes it. */
  readonly href: string;
  readonly children: ReactNode;
  readonly weight?: 'main' | 'quiet';
  /** What is done beside going there. */
  readonly onPress?: () => void;
}

/** Goes somewhere, among buttons that do something. */
export function LinkButton({ href, children, weight = 'quiet', onPress }: LinkButtonProps) {
  return (
    <a className={styles['button']} data-weight={weight} href={href} onClick={onPress}>
      {children}
    </a>
  );
}

interface IconButtonProps extends Passed {
  readonly icon: string;
  /** Its name: there is no word beside it. */
  readonly name: string;
  readonly onPress?: () => void;
}

export function IconButton({ icon, name, onPress, onClick, ...passed }: IconButtonProps) {
  return (
    <button
      title={name}
      {...passed}
      type="button"
      className={styles['icon']}
      aria-label={name}
      onClick={(event) => {
        onClick?.(event);
        onPress?.();
      }}
    >
      <Icon path={icon} />
    </button>
  );
}
