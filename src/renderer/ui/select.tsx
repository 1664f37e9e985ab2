/** One of many, of which only the chosen is in sight; for few see segments.tsx. */
import { Select as Base } from '@base-ui/react/select';
import { checkPath, downPath, Icon } from './icons.tsx';
import styles from './popup.module.css';
import own from './select.module.css';

interface SelectProps<T extends string | number> {
  readonly label: string;
  readonly value: T;
  readonly onChange: (value: T) => void;
  readonly options: readonly { readonly value: T; readonly label: string }[];
  readonly isDisabled?: boolean;
  readonly testId?: string;
}

export function Select<T extends string | number>({
  label,
  value,
  onChange,
  options,
  isDisabled = false,
  testId,
}: SelectProps<T>) {
  return (
    <Base.Root
      items={options}
      value={value}
      disabled={isDisabled}
      modal={false}
      onValueChange={(next: T | null) => {
        if (next !== null) onChange(next);
      }}
    >
      <Base.Trigger className={own['trigger']} aria-label={label} data-testid={testId}>
        <Base.Value />
        <Base.Icon className={own['sign']}>
          <Icon path={downPath} />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner
          className={styles['positioner']}
          sideOffset={4}
          alignItemWithTrigger={false}
          collisionPadding={8}
        >
          <Base.Popup className={styles['popup']}>
            <Base.List>
              {options.map((option) => (
                <Base.Item key={option.value} className={styles['item']} value={option.value}>
                  <span className={styles['sign']}>
                    <Base.ItemIndicator>
                      <Icon path={checkPath} />
                    </Base.ItemIndicator>
                  </span>
                  <Base.ItemText>{option.label}</Base.ItemText>
                </Base.Item>
              ))}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
