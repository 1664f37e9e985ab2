import type { ReactNode } from 'react';
import { useRowFocus } from './use-row-focus.ts';
import styles from './table.module.css';

/** What a feature says about one of its rows, for its styles, for tests, and for who points at it. */
export interface RowAttributes {
  readonly title?: string;
  readonly [name: `data-${string}`]: string | number | boolean | undefined;
}

export interface TableColumn<T> {
  /** What style sheets call it, as `data-column`. */
  readonly name: string;
  readonly title: ReactNode;
  readonly meaning?: string;
  readonly isNumber?: boolean;
  readonly cell: (row: T) => ReactNode;
}

interface TableProps<T, K> {
  readonly labelledBy: string;
  readonly testId: string;
  /** Of the feature: it has the widths. */
  readonly className: string | undefined;
  readonly lines: 1 | 2;
  readonly columns: readonly TableColumn<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => K;
  readonly attributesOf: (row: T) => RowAttributes;
  readonly openedKey: K | undefined;
  readonly onOpen: (key: K) => void;
  /** Absent: Esc is for something else. */
  readonly onClose?: (() => void) | undefined;
}

/** Rows that are opened, all of them laid out by the browser: for lists with a cap. use-row-focus.ts has the keys. */
export function Table<T, K extends string | number>(props: TableProps<T, K>) {
  const { labelledBy, testId, className = '', lines, columns, rows, keyOf, attributesOf } = props;
  const { openedKey, onOpen, onClose } = props;
  const { table, rowAt } = useRowFocus({ keys: rows.map(keyOf), openedKey, onOpen, onClose });
  return (
    <div className={styles['scroller']}>
      <table
        className={`${styles['table']} ${className}`}
        aria-labelledby={labelledBy}
        data-lines={lines}
        data-testid={testId}
        {...table}
      >
        <colgroup>
          {columns.map(({ name }) => (
            <col key={name} data-column={name} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map(({ name, title, meaning, isNumber }) => (
              <th key={name} scope="col" title={meaning} data-column={name} data-number={isNumber}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={keyOf(row)} {...rowAt(index)} {...attributesOf(row)}>
              {columns.map(({ name, isNumber, cell }) => (
                <td key={name} data-column={name} data-number={isNumber}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
