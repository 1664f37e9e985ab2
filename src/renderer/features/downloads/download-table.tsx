/** Rows are what one chooses from: arrow keys move, Enter opens, Esc closes; a click opens. */
import { type KeyboardEvent, useRef, useState } from 'react';
import type { DownloadRow } from '#shared/download-model.ts';
import { usePlace } from '../../state/place.ts';
import { useEscape } from '../repositories/use-escape.ts';
import { downloadColumns } from './download-columns.tsx';
import { openDownload } from './open-download.ts';
import styles from './download-table.module.css';

interface DownloadTableProps {
  readonly downloads: readonly DownloadRow[];
  /** When they were so, on the server. */
  readonly at: number;
  readonly openedId: number | undefined;
}

export function DownloadTable({ downloads, at, openedId }: DownloadTableProps) {
  const { params } = usePlace();
  const [focused, setFocused] = useState<number>();
  const body = useRef<HTMLTableSectionElement>(null);
  const place = Math.max(
    0,
    downloads.findIndex(({ id }) => id === (focused ?? openedId)),
  );
  const focusRow = (index: number): void => {
    const row = body.current?.rows[Math.min(downloads.length - 1, Math.max(0, index))];
    row?.focus();
    row?.scrollIntoView({ block: 'nearest' });
  };
  // Esc closes the chunk first (detail.tsx).
  useEscape(openedId !== undefined && params['chunk'] === undefined, () => {
    openDownload(undefined, params);
    focusRow(downloads.findIndex(({ id }) => id === openedId));
  });
  const onKeyDown = (event: KeyboardEvent): void => {
    const last = downloads.length - 1;
    const to = { ArrowDown: place + 1, j: place + 1, ArrowUp: place - 1, k: place - 1, Home: 0, End: last }[
      event.key
    ];
    if (event.key === 'Enter') openDownload(downloads[place]?.id, params);
    if (to === undefined) return;
    event.preventDefault();
    focusRow(to);
  };
  return (
    <div className={styles['scroller']}>
      <table
        className={styles['table']}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-to-interactive-role -- arrow keys choose a row
        role="grid"
        aria-labelledby="downloads-title"
        aria-rowcount={downloads.length + 1}
        data-testid="download-table"
        onKeyDown={onKeyDown}
      >
        <colgroup>
          {downloadColumns.map(({ name }) => (
            <col key={name} data-column={name} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {downloadColumns.map(({ name, isNumber, meaning }) => (
              <th key={name} scope="col" title={meaning} data-column={name} data-number={isNumber}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {downloads.map((row, index) => (
            <tr
              key={row.id}
              tabIndex={index === place ? 0 : -1}
              aria-rowindex={index + 2}
              aria-selected={row.id === openedId}
              data-testid="download"
              data-object={row.object}
              data-state={row.state}
              onFocus={() => setFocused(row.id)}
              onClick={() => openDownload(row.id, params)}
            >
              {downloadColumns.map(({ name, isNumber, cell }) => (
                <td key={name} data-column={name} data-number={isNumber}>
                  {cell(row, at)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
