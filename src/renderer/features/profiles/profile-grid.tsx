/** A table of a profile. The row that keys start from stays the same one when the order changes. */
import { type ReactNode, useState } from 'react';
import { nextOrder, type Order } from '../../ui/order.ts';
import { type GridColumn, VirtualGrid } from '../../ui/virtual-grid.tsx';
import styles from './tables.module.css';

export interface ProfileColumn<T> extends GridColumn<T> {
  readonly meaning: string;
  /** As a track of a CSS grid. */
  readonly width: string;
}

interface ProfileGridProps<T> {
  readonly label: string;
  readonly testId: string;
  readonly columns: readonly ProfileColumn<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  readonly order?: Order;
  readonly onOrder?: (order: Order) => void;
  /** The row that is open somewhere else. */
  readonly openKey?: string | undefined;
  /** Absent: a row opens nothing. */
  readonly onOpen?: (row: T) => void;
  /** Below the rows: what is not shown of them. */
  readonly foot?: ReactNode;
}

export function ProfileGrid<T>(props: ProfileGridProps<T>) {
  const { label, testId, columns, rows, keyOf, order, onOrder, openKey, onOpen, foot } = props;
  const [active, setActive] = useState<string>();
  return (
    <VirtualGrid
      label={label}
      testId={testId}
      rowTestId={`${testId}-row`}
      className={styles['grid']}
      template={columns.map(({ width }) => width).join(' ')}
      columns={columns}
      rows={rows}
      keyOf={keyOf}
      order={order}
      onSort={onOrder && ((column) => onOrder(nextOrder(order, column)))}
      cursor={active === undefined ? -1 : rows.findIndex((row) => keyOf(row) === active)}
      onMove={(index) => {
        const row = rows[index];
        if (row !== undefined) setActive(keyOf(row));
      }}
      isOpen={(row) => keyOf(row) === openKey}
      onOpen={
        onOpen &&
        ((row) => {
          setActive(keyOf(row));
          onOpen(row);
        })
      }
      foot={foot}
    />
  );
}
