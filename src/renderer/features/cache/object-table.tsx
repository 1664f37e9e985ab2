/** The objects: arrow keys choose one, Enter opens it, Esc closes; a head sorts. */
import { useState } from 'react';
import { Pin } from 'lucide-react';
import type { CachedObject } from '#shared/cache-model.ts';
import { formatAge, formatBytes, formatCount, formatShare } from '#shared/units.ts';
import { useParam } from '../../state/place.ts';
import { nextOrder, orderText } from '../../ui/order.ts';
import { type GridColumn, VirtualGrid } from '../../ui/virtual-grid.tsx';
import { ObjectName } from '../live/object-name.tsx';
import { useCache } from './actions.ts';
import { ResidencyBar } from './residency-bar.tsx';
import { parseSort, residencyWords } from './words.ts';
import styles from './object-table.module.css';

/** `at`: when this was so, on the server. */
function columnsAt(at: number): readonly GridColumn<CachedObject>[] {
  const number = { isNumber: true, isSortable: true };
  return [
    {
      name: 'name',
      title: 'Object',
      isSortable: true,
      cell: (row) => (
        <>
          {row.isPinned && (
            <>
              <Pin size={11} strokeWidth={1.75} aria-hidden="true" />
              <span className="visually-hidden">pinned </span>
            </>
          )}
          <ObjectName name={row.name} />
        </>
      ),
    },
    {
      name: 'where',
      title: 'Where in the object',
      cell: (row) => (
        <>
          <ResidencyBar memory={row.memory} disk={row.disk} />
          <span className="visually-hidden">{residencyWords(row)}</span>
        </>
      ),
    },
    { ...number, name: 'bytes', title: 'Size', cell: ({ bytes }) => formatBytes(bytes) },
    {
      ...number,
      name: 'memory',
      title: 'Memory',
      cell: ({ memoryBytes, bytes }) => <Part bytes={memoryBytes} of={bytes} />,
    },
    {
      ...number,
      name: 'disk',
      title: 'Disk',
      cell: ({ diskBytes, bytes }) => <Part bytes={diskBytes} of={bytes} />,
    },
    {
      ...number,
      name: 'readers',
      title: 'Readers',
      cell: ({ readers }) => (readers === 0 ? <i>–</i> : formatCount(readers)),
    },
    { ...number, name: 'used', title: 'Used', cell: ({ usedAt }) => formatAge(at - usedAt) },
  ];
}

function Part({ bytes, of }: { readonly bytes: number; readonly of: number }) {
  if (bytes === 0) return <i>–</i>;
  return <span title={formatShare(bytes, of)}>{formatBytes(bytes)}</span>;
}

interface ObjectTableProps {
  readonly rows: readonly CachedObject[];
  readonly at: number;
  readonly opened: string | undefined;
}

export function ObjectTable({ rows, at, opened }: ObjectTableProps) {
  const { actions } = useCache();
  const [sort, setSort] = useParam('sort');
  const order = parseSort(sort);
  const [active, setActive] = useState<string>();
  const chosen = active ?? opened;
  return (
    <VirtualGrid
      label="Objects in the caches"
      testId="objects"
      rowTestId="cached-object"
      className={styles['objects']}
      columns={columnsAt(at)}
      rows={rows}
      keyOf={({ name }) => name}
      attributesOf={({ name }) => ({ 'data-name': name, title: name })}
      order={order}
      onSort={(column) => setSort(orderText(nextOrder(order, column)), 'replace')}
      cursor={rows.findIndex(({ name }) => name === chosen)}
      onMove={(index) => setActive(rows[index]?.name)}
      isOpen={({ name }) => name === opened}
      onOpen={({ name }) => {
        setActive(name);
        actions.open(name);
      }}
    />
  );
}
