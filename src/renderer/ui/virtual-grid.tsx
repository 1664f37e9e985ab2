import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type CSSProperties,
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useEffectEvent,
  useId,
  useRef,
} from 'react';
import type { Order } from './order.ts';
import { pressOnRows } from './row-keys.ts';
import type { RowAttributes } from './table.tsx';
import styles from './table.module.css';

export interface GridColumn<T> {
  /** As `data-column`, and in the address where the order is. */
  readonly name: string;
  readonly title: string;
  readonly meaning?: string;
  readonly isNumber?: boolean;
  readonly isSortable?: boolean;
  /** Shown when the pointer rests on the cell. */
  readonly hint?: (row: T) => string;
  readonly cell: (row: T) => ReactNode;
}

interface VirtualGridProps<T> {
  readonly label: string;
  readonly testId: string;
  readonly rowTestId: string;
  /** Of the feature: it has `--columns`, unless `template` has them. */
  readonly className?: string | undefined;
  readonly template?: string;
  readonly columns: readonly GridColumn<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T, index: number) => string | number;
  readonly attributesOf?: (row: T) => RowAttributes;
  readonly order?: Order | undefined;
  /** A head was pressed. */
  readonly onSort?: ((column: GridColumn<T>) => void) | undefined;
  /** The index of the row that keys start from; −1: none. It is brought in sight when it becomes another row. */
  readonly cursor: number;
  readonly onMove: (index: number) => void;
  readonly isOpen?: (row: T, index: number) => boolean;
  /** Pressed, or chosen with Enter. Absent: a row opens nothing, and a press moves the cursor. */
  readonly onOpen?: ((row: T, index: number) => void) | undefined;
  /** Below the rows: what is not shown of them. */
  readonly foot?: ReactNode;
}

/** The height of a row, and of the head. */
export const rowHeight = 24;

/** Rows of which only those in sight are there: arrow keys move, Enter opens, a press on a head sorts. */
export function VirtualGrid<T>(props: VirtualGridProps<T>) {
  const { label, testId, className = '', template, columns, rows, order, onSort, foot } = props;
  const { keyOf, cursor, onMove, onOpen } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const id = useId();
  // oxlint-disable-next-line react/incompatible-library -- the React compiler is not used
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    // The head stays in sight above the rows.
    scrollMargin: rowHeight,
    scrollPaddingStart: rowHeight,
  });
  const active = rows[cursor];
  const activeKey = active && keyOf(active, cursor);
  const bringInSight = useEffectEvent(() => virtualizer.scrollToIndex(cursor, { align: 'auto' }));
  // Only when it is another row, not when rows come in.
  useEffect(() => {
    if (activeKey !== undefined) bringInSight();
  }, [activeKey]);
  const onKeyDown = (event: KeyboardEvent): void => {
    // The heads have keys of their own.
    if (event.target !== event.currentTarget) return;
    const open = active === undefined ? undefined : () => onOpen?.(active, cursor);
    pressOnRows(event, { at: cursor, count: rows.length, onOpen: open, onMove });
  };
  const style: CSSProperties & Record<`--${string}`, string> =
    template === undefined ? {} : { '--columns': template };
  return (
    <div ref={scroller} className={styles['scroller']}>
      <table
        className={`${styles['grid']} ${className}`}
        style={style}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-to-interactive-role -- arrow keys choose a row
        role="grid"
        aria-label={label}
        aria-rowcount={rows.length + 1}
        aria-activedescendant={active === undefined ? undefined : `${id}-${cursor}`}
        tabIndex={0}
        data-testid={testId}
        onKeyDown={onKeyDown}
      >
        <thead>
          <tr aria-rowindex={1} className={styles['header']}>
            {columns.map((column) => (
              <Head key={column.name} column={column} order={order} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody className={styles['body']} style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index }) => {
            const row = rows[index];
            if (row === undefined) return null;
            return <Row key={keyOf(row, index)} grid={props} id={`${id}-${index}`} row={row} index={index} />;
          })}
        </tbody>
      </table>
      {foot !== undefined && <p className={styles['foot']}>{foot}</p>}
    </div>
  );
}

interface RowProps<T> {
  readonly grid: VirtualGridProps<T>;
  readonly id: string;
  readonly row: T;
  readonly index: number;
}

function Row<T>({ grid, id, row, index }: RowProps<T>) {
  const { rowTestId, columns, cursor, attributesOf, isOpen, onMove, onOpen } = grid;
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions -- the grid has the keys
    <tr
      id={id}
      aria-rowindex={index + 2}
      aria-selected={isOpen?.(row, index) ?? false}
      className={styles['row']}
      style={{ transform: `translateY(${index * rowHeight}px)` }}
      data-active={index === cursor}
      data-opens={onOpen !== undefined}
      data-testid={rowTestId}
      onClick={() => (onOpen ? onOpen(row, index) : onMove(index))}
      {...attributesOf?.(row)}
    >
      {columns.map(({ name, isNumber, hint, cell }) => (
        <td key={name} title={hint?.(row)} data-column={name} data-number={isNumber}>
          {cell(row)}
        </td>
      ))}
    </tr>
  );
}

interface HeadProps<T> {
  readonly column: GridColumn<T>;
  readonly order: Order | undefined;
  readonly onSort: ((column: GridColumn<T>) => void) | undefined;
}

function Head<T>({ column, order, onSort }: HeadProps<T>) {
  const { name, title, meaning, isNumber, isSortable = false } = column;
  if (!isSortable || !onSort)
    return (
      <th scope="col" title={meaning} data-column={name} data-number={isNumber}>
        {title}
      </th>
    );
  const direction = order?.column === name ? order.direction : undefined;
  return (
    <th
      scope="col"
      aria-sort={direction === undefined ? 'none' : direction === 1 ? 'ascending' : 'descending'}
      data-column={name}
      data-number={isNumber}
    >
      <button type="button" title={meaning} onClick={() => onSort(column)}>
        {title}
        {direction !== undefined && <i aria-hidden="true">{direction === 1 ? '▲' : '▼'}</i>}
      </button>
    </th>
  );
}
