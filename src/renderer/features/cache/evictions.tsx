/** What has left the caches, the newest first, and why in words. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import type { EvictionRow, Evictions } from '#shared/cache-model.ts';
import { formatBytes, formatClock, formatCount } from '#shared/units.ts';
import { ObjectName } from '../live/object-name.tsx';
import { isAlarming, reasonWords, tierTitle } from './words.ts';
import styles from './evictions.module.css';

const rowHeight = 24;
const titles = ['Time', 'Object', 'What', 'From', 'Size', 'Why'] as const;

interface EvictionTableProps {
  readonly evictions: Evictions;
  readonly chunkBytes: number;
}

export function EvictionTable({ evictions, chunkBytes }: EvictionTableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const { rows } = evictions;
  // oxlint-disable-next-line react/incompatible-library -- the React compiler is not used
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  });
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must reach it
    <section ref={scroller} className={styles['scroller']} tabIndex={0} aria-label="Evicted">
      <table
        className={styles['grid']}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-to-interactive-role -- as the other tables
        role="grid"
        aria-label="Evictions"
        aria-rowcount={rows.length + 1}
        data-testid="evictions"
      >
        <thead>
          <tr aria-rowindex={1} className={styles['header']}>
            {titles.map((title) => (
              <th key={title} scope="col" data-number={title === 'Size'}>
                {title}
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
                key={row.number}
                aria-rowindex={index + 2}
                className={styles['row']}
                style={{ transform: `translateY(${index * rowHeight}px)` }}
                data-testid="eviction"
                data-reason={row.reason}
              >
                <td>{formatClock(row.at)}</td>
                <td title={row.object}>
                  <ObjectName name={row.object} />
                </td>
                <td>{whatOf(row, chunkBytes)}</td>
                <td className={styles['tier']} data-tier={row.tier}>
                  {tierTitle(row.tier).toLowerCase()}
                </td>
                <td data-number>{formatBytes(row.bytes)}</td>
                <td title={reasonWords(row.reason)}>
                  {isAlarming(row.reason) && <em aria-hidden="true">▲ </em>}
                  {reasonWords(row.reason)}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function whatOf({ start, chunks }: EvictionRow, chunkBytes: number): string {
  if (start !== undefined) return `chunk ${formatCount(Math.floor(start / chunkBytes))}`;
  return chunks === 1 ? 'all, 1 chunk' : `all, ${formatCount(chunks)} chunks`;
}
