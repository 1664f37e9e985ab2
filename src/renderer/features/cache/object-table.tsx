/** The objects: arrow keys choose one, Enter opens it, Esc closes; a head sorts. Only the rows in sight are there. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import { Pin } from 'lucide-react';
import type { CachedObject } from '#shared/cache-model.ts';
import { formatAge, formatBytes, formatCount, formatShare } from '#shared/units.ts';
import { useParam } from '../../state/place.ts';
import { ObjectName } from '../live/object-name.tsx';
import { useCache } from './actions.ts';
import { ResidencyBar } from './residency-bar.tsx';
import { nextSort, parseSort, residencyWords, type sorts } from './words.ts';
import styles from './object-table.module.css';

const rowHeight = 24;

interface Column {
  readonly title: string;
  readonly sort?: (typeof sorts)[number];
  readonly isNumber?: boolean;
  readonly cell: (row: CachedObject, at: number) => ReactNode;
}

const columns: readonly Column[] = [
  {
    title: 'Object',
    sort: 'name',
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
    title: 'Where in the object',
    cell: (row) => (
      <>
        <ResidencyBar memory={row.memory} disk={row.disk} />
        <span className="visually-hidden">{residencyWords(row)}</span>
      </>
    ),
  },
  { title: 'Size', sort: 'bytes', isNumber: true, cell: ({ bytes }) => formatBytes(bytes) },
  {
    title: 'Memory',
    sort: 'memory',
    isNumber: true,
    cell: (row) => <Part bytes={row.memoryBytes} of={row.bytes} />,
  },
  {
    title: 'Disk',
    sort: 'disk',
    isNumber: true,
    cell: (row) => <Part bytes={row.diskBytes} of={row.bytes} />,
  },
  {
    title: 'Readers',
    sort: 'readers',
    isNumber: true,
    cell: ({ readers }) => (readers === 0 ? <i>–</i> : formatCount(readers)),
  },
  { title: 'Used', sort: 'used', isNumber: true, cell: ({ usedAt }, at) => formatAge(at - usedAt) },
];

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
  const [sortText, setSort] = useParam('sort');
  const sort = parseSort(sortText);
  const [active, setActive] = useState<string>();
  const scroller = useRef<HTMLDivElement>(null);
  const grid = useRef<HTMLTableElement>(null);
  const chosen = active ?? opened;
  const activeAt = rows.findIndex(({ name }) => name === chosen);

  // oxlint-disable-next-line react/incompatible-library -- the React compiler is not used
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  });
  const onKeyDown = (event: KeyboardEvent): void => {
    const last = rows.length - 1;
    const to = {
      ArrowDown: activeAt + 1,
      j: activeAt + 1,
      ArrowUp: activeAt - 1,
      k: activeAt - 1,
      Home: 0,
      End: last,
    }[event.key];
    if (event.target !== grid.current) return;
    if (event.key === 'Enter' && rows[activeAt]) actions.open(rows[activeAt].name);
    if (to === undefined) return;
    event.preventDefault();
    const index = Math.min(last, Math.max(0, to));
    setActive(rows[index]?.name);
    virtualizer.scrollToIndex(index, { align: 'auto' });
  };
  return (
    <div ref={scroller} className={styles['scroller']}>
      <table
        ref={grid}
        className={styles['grid']}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-to-interactive-role -- arrow keys choose a row
        role="grid"
        aria-label="Objects in the caches"
        aria-rowcount={rows.length + 1}
        aria-activedescendant={activeAt < 0 ? undefined : `cached-${activeAt}`}
        tabIndex={0}
        data-testid="objects"
        onKeyDown={onKeyDown}
      >
        <thead>
          <tr aria-rowindex={1} className={styles['header']}>
            {columns.map(({ title, sort: by, isNumber = false }) => (
              <th
                key={title}
                scope="col"
                data-number={isNumber}
                aria-sort={by === sort.by ? (sort.order === 'up' ? 'ascending' : 'descending') : undefined}
              >
                {by === undefined ? (
                  title
                ) : (
                  <button type="button" onClick={() => setSort(nextSort(sort, by), 'replace')}>
                    {title}
                    {by === sort.by && <span aria-hidden="true">{sort.order === 'up' ? ' ↑' : ' ↓'}</span>}
                  </button>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className={styles['body']} style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index }) => {
            const row = rows[index];
            if (!row) return null;
            return (
              <tr
                key={row.name}
                id={`cached-${index}`}
                aria-rowindex={index + 2}
                aria-selected={row.name === opened}
                data-active={row.name === chosen}
                className={styles['row']}
                style={{ transform: `translateY(${index * rowHeight}px)` }}
                data-testid="cached-object"
                data-name={row.name}
                title={row.name}
                onClick={() => {
                  setActive(row.name);
                  actions.open(row.name);
                }}
              >
                {columns.map(({ title, isNumber = false, cell }) => (
                  <td key={title} data-number={isNumber}>
                    {cell(row, at)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
