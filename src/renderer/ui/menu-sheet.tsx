/** What menu.tsx loads. */
import type { ReactNode } from 'react';
import { Menu as Base } from '@base-ui/react/menu';
import { checkPath, Icon } from './icons.tsx';
import type { Trigger } from './on-demand.ts';
import styles from './popup.module.css';

interface MenuSheetProps {
  readonly trigger: Trigger;
  readonly children: ReactNode;
  readonly align?: 'start' | 'center' | 'end';
  readonly testId?: string;
  readonly isOpen: boolean;
  readonly onOpen: (isOpen: boolean) => void;
}

export function MenuSheet({ trigger, children, align = 'start', testId, isOpen, onOpen }: MenuSheetProps) {
  return (
    <Base.Root modal={false} open={isOpen} onOpenChange={(open) => onOpen(open)}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner className={styles['positioner']} sideOffset={4} align={align} collisionPadding={8}>
          <Base.Popup className={styles['popup']} data-testid={testId}>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

export interface MenuItemProps {
  readonly onPress: () => void;
  readonly children: ReactNode;
  /** A path of `icons.tsx`. */
  readonly icon?: string;
  /** The keys that do the same, as `formatKeys` writes them. */
  readonly keys?: string;
  /** `grave`: takes something away. */
  readonly weight?: 'plain' | 'grave';
  readonly isDisabled?: boolean;
  /** `stays`: the menu stays open, for what is switched. */
  readonly after?: 'closes' | 'stays';
}

export function MenuItem({
  onPress,
  children,
  icon,
  keys,
  weight = 'plain',
  isDisabled = false,
  after = 'closes',
}: MenuItemProps) {
  return (
    <Base.Item
      className={styles['item']}
      data-weight={weight}
      disabled={isDisabled}
      closeOnClick={after === 'closes'}
      onClick={onPress}
    >
      {icon !== undefined && (
        <span className={styles['sign']}>
          <Icon path={icon} />
        </span>
      )}
      {children}
      {keys !== undefined && <kbd>{keys}</kbd>}
    </Base.Item>
  );
}

export interface MenuChoiceProps<T extends string | number> {
  readonly label: string;
  readonly value: T;
  readonly onChange: (value: T) => void;
  readonly options: readonly { readonly value: T; readonly content: ReactNode }[];
}

/** One of several, marked: closes the menu. */
export function MenuChoice<T extends string | number>({
  label,
  value,
  onChange,
  options,
}: MenuChoiceProps<T>) {
  return (
    <Base.Group>
      <Base.GroupLabel className={styles['label']}>{label}</Base.GroupLabel>
      <Base.RadioGroup value={value} onValueChange={(next: T) => onChange(next)}>
        {options.map((option) => (
          <Base.RadioItem key={option.value} className={styles['item']} value={option.value} closeOnClick>
            <span className={styles['sign']}>
              <Base.RadioItemIndicator>
                <Icon path={checkPath} />
              </Base.RadioItemIndicator>
            </span>
            {option.content}
          </Base.RadioItem>
        ))}
      </Base.RadioGroup>
    </Base.Group>
  );
}

/** Items that belong together, under a name. */
export function MenuGroup({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <Base.Group>
      <Base.GroupLabel className={styles['label']}>{label}</Base.GroupLabel>
      {children}
    </Base.Group>
  );
}

export function MenuLine() {
  return <Base.Separator className={styles['line']} />;
}
