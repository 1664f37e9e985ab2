/** What has left the caches, the newest first, and why in words. */
import { useState } from 'react';
import type { EvictionRow, Evictions } from '#shared/cache-model.ts';
import { formatBytes, formatClock, formatCount } from '#shared/units.ts';
import { type GridColumn, VirtualGrid } from '../../ui/virtual-grid.tsx';
import { ObjectName } from '../live/object-name.tsx';
import { isAlarming, reasonWords, tierTitle } from './words.ts';
import styles from './evictions.module.css';

interface EvictionTableProps {
  readonly evictions: Evictions;
  readonly chunkBytes: number;
}

export function EvictionTable({ evictions: { rows }, chunkBytes }: EvictionTableProps) {
  const [active, setActive] = useState<number>();
  return (
    <VirtualGrid
      label="Evictions"
      testId="evictions"
      rowTestId="eviction"
      className={styles['evictions']}
      columns={columnsOf(chunkBytes)}
      rows={rows}
      keyOf={({ number }) => number}
      attributesOf={({ reason }) => ({ 'data-reason': reason })}
      cursor={rows.findIndex(({ number }) => number === active)}
      onMove={(index) => setActive(rows[index]?.number)}
    />
  );
}

function columnsOf(chunkBytes: number): readonly GridColumn<EvictionRow>[] {
  return [
    { name: 'time', title: 'Time', cell: ({ at }) => formatClock(at) },
    {
      name: 'object',
      title: 'Object',
      hint: ({ object }) => object,
      cell: ({ object }) => <ObjectName name={object} />,
    },
    { name: 'what', title: 'What', cell: (row) => whatOf(row, chunkBytes) },
    {
      name: 'tier',
      title: 'From',
      cell: ({ tier }) => (
        <span className={styles['tier']} data-tier={tier}>
          {tierTitle(tier).toLowerCase()}
        </span>
      ),
    },
    { name: 'bytes', title: 'Size', isNumber: true, cell: ({ bytes }) => formatBytes(bytes) },
    {
      name: 'why',
      title: 'Why',
      hint: ({ reason }) => reasonWords(reason),
      cell: ({ reason }) => (
        <>
          {isAlarming(reason) && <em aria-hidden="true">▲ </em>}
          {reasonWords(reason)}
        </>
      ),
    },
  ];
}

function whatOf({ start, chunks }: EvictionRow, chunkBytes: number): string {
  if (start !== undefined) return `chunk ${formatCount(Math.floor(start / chunkBytes))}`;
  return chunks === 1 ? 'all, 1 chunk' : `all, ${formatCount(chunks)} chunks`;
}
