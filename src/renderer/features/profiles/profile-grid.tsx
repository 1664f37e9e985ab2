/** A table of a profile in virtual rows: arrow keys move, Enter opens, a press on a head sorts. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import { nextOrder, type Order } from './listing.ts';
import styles from './profile-grid.module.css';

export interface GridColumn<T> {
  /** In the address. */
  readonly name: string;
  readonly title: string;
  readonly meaning: string;
  readonly isNumber: boolean;
  /** As a track of a CSS grid. */
  readonly width: string;
  readonly isSortable: boolean;
  readonly cell: (row: T) => ReactNode;
}

interface ProfileGridProps<T> {
  readonly label: string;
  readonly testId: string;
  readonly columns: readonly GridColumn<T>[];
  readonly rows: readonly T[];
  readonly rowKey: (row: T, index: number) => string;
  readonly order?: Order;
  readonly onOrder?: (order: Order) => void;
  /** The row that is open somewhere else. */
  readonly openKey?: string | undefined;
  /** Absent: a row opens nothing. */
  readonly onOpen?: (row: T) => void;
  /** Below the rows: what is not shown of them. */
  readonly foot?: ReactNode;
}

const rowHeight = 24;

export function ProfileGrid<T>(props: ProfileGridProps<T>) {
  const { label, testId, columns, rows, rowKey, order, onOrder, openKey, onOpen, foot } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(-1);
  // oxlint-disable-next-line react/incompatible-library -- the React compiler is not used
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    scrollMargin: rowHeight,
  });
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget) return;
    const row = rows[at];
    if (event.key === 'Enter' && row !== undefined) onOpen?.(row);
    const to = rowAfterKey(event.key, at, rows.length);
    if (to === undefined) return;
    event.preventDefault();
    setAt(to);
    virtualizer.scrollToIndex(to, { align: 'auto' });
  };
  const active = rows[at];
  const template: CSSProperties & Record<`--${string}`, string> = {
    '--columns': columns.map(({ width }) => width).join(' '),
  };
  return (
    <div ref={scroller} className={styles['scroller']}>
      <table
        className={styles['grid']}
        style={template}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-to-interactive-role -- arrow keys choose a row
        role="grid"
        aria-label={label}
        aria-rowcount={rows.length + 1}
        aria-activedescendant={active === undefined ? undefined : `${testId}-${at}`}
        tabIndex={0}
        data-testid={testId}
        onKeyDown={onKeyDown}
      >
        <thead>
          <tr aria-rowindex={1} className={styles['header']}>
            {columns.map((column) => (
              <Head key={column.name} column={column} order={order} onOrder={onOrder} />
            ))}
          </tr>
        </thead>
        <tbody className={styles['body']} style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index }) => {
            const row = rows[index];
            if (row === undefined) return null;
            const key = rowKey(row, index);
            return (
              <tr
                key={key}
                id={`${testId}-${index}`}
                aria-rowindex={index + 2}
                aria-selected={key === openKey}
                data-active={index === at}
                data-opens={onOpen !== undefined}
                data-testid={`${testId}-row`}
                className={styles['row']}
                style={{ transform: `translateY(${index * rowHeight}px)` }}
                onClick={() => {
                  setAt(index);
                  onOpen?.(row);
                }}
              >
                {columns.map(({ name, isNumber, cell }) => (
                  <td key={name} data-number={isNumber} data-column={name}>
                    {cell(row)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
      {foot !== undefined && <p className={styles['foot']}>{foot}</p>}
    </div>
  );
}

interface HeadProps<T> {
  readonly column: GridColumn<T>;
  readonly order: Order | undefined;
  readonly onOrder: ((order: Order) => void) | undefined;
}

function Head<T>({ column, order, onOrder }: HeadProps<T>) {
  const { name, title, meaning, isNumber, isSortable } = column;
  if (!order || !onOrder || !isSortable)
    return (
      <th scope="col" data-number={isNumber} title={meaning}>
        {title}
      </th>
    );
  const direction = order.column === name ? order.direction : undefined;
  return (
    <th
      scope="col"
      aria-sort={direction === undefined ? 'none' : direction === 1 ? 'ascending' : 'descending'}
      data-number={isNumber}
    >
      <button type="button" title={meaning} onClick={() => onOrder(nextOrder(order, name, isNumber))}>
        {title}
        <i aria-hidden="true">{direction === undefined ? '' : direction === 1 ? ' ▲' : ' ▼'}</i>
      </button>
    </th>
  );
}

const vimKeys: Readonly<Record<string, string>> = { j: 'ArrowDown', k: 'ArrowUp' };

function rowAfterKey(key: string, at: number, count: number): number | undefined {
  const to = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: at + 10,
    PageUp: at - 10,
    Home: 0,
    End: count - 1,
  }[vimKeys[key] ?? key];
  return to === undefined || count === 0 ? undefined : Math.min(count - 1, Math.max(0, to));
}
