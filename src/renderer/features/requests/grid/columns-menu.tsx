import { nudged, toggled } from '../../../state/column-layout.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { tablePath } from '../../../ui/icons.tsx';
import { Popover } from '../../../ui/popover.tsx';
import type { GridLayout } from './use-layout.ts';
import styles from './columns-menu.module.css';

const earlierPath = 'M6 10V2M3 5l3-3 3 3';
const laterPath = 'M6 2v8M3 7l3 3 3-3';

/** Which columns there are, and in what order. */
export function ColumnsMenu({ grid }: { readonly grid: GridLayout }) {
  const { layout, columns, change, reset } = grid;
  const ordered = layout.order.flatMap((id) => columns.filter((column) => column.id === id));
  return (
    <Popover
      title="Columns"
      align="end"
      testId="columns"
      trigger={
        <Button weight="quiet" icon={tablePath}>
          Columns
        </Button>
      }
    >
      <ul className={styles['list']}>
        {ordered.map(({ id, name, hint }) => (
          <li key={id} title={hint}>
            <label>
              <input
                type="checkbox"
                checked={!layout.hidden.includes(id)}
                onChange={() => change(toggled(layout, id))}
              />
              {name}
            </label>
            {!layout.hidden.includes(id) && (
              <>
                <IconButton
                  icon={earlierPath}
                  name={`Move ${name} left`}
                  onPress={() => change(nudged(layout, id, -1))}
                />
                <IconButton
                  icon={laterPath}
                  name={`Move ${name} right`}
                  onPress={() => change(nudged(layout, id, 1))}
                />
              </>
            )}
          </li>
        ))}
      </ul>
      <Button weight="quiet" onPress={reset}>
        Reset columns
      </Button>
    </Popover>
  );
}
