import { Button } from '../../ui/button.tsx';
import { tablePath } from '../../ui/icons.tsx';
import { Segments } from '../../ui/segments.tsx';
import { useCommand } from '../../state/commands.ts';
import { changeAddress, type ProfileAddress } from './use-address.ts';
import styles from './toolbar.module.css';

const layouts = [
  { value: 'both', name: 'Both: icicle and functions', content: 'Both' },
  { value: 'icicle', name: 'Icicle', content: 'Icicle' },
  { value: 'table', name: 'Functions', content: 'Functions' },
] as const;

/** What is in sight, and whether the picture is a table. */
export function LayoutChoice({ layout, isTable }: Pick<ProfileAddress, 'layout' | 'isTable'>) {
  const present = (): void => changeAddress({ as: isTable ? undefined : 'tables' }, 'replace');
  useCommand('view.tables', present);
  return (
    <div className={styles['end']}>
      <Segments
        label="In sight"
        value={layout}
        options={layouts}
        onChange={(next) => changeAddress({ layout: next === 'both' ? undefined : next }, 'replace')}
      />
      <Button
        weight="quiet"
        icon={tablePath}
        aria-pressed={isTable}
        title="Pictures or tables (t)"
        onPress={present}
      >
        Tables
      </Button>
    </div>
  );
}
