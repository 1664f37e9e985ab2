import type { DownloadRow } from '#shared/download-model.ts';
import { usePlace } from '../../state/place.ts';
import { Table } from '../../ui/table.tsx';
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
  return (
    <Table
      labelledBy="downloads-title"
      testId="download-table"
      className={styles['downloads']}
      lines={1}
      columns={downloadColumns.map(({ name, meaning, isNumber, cell }) => ({
        name,
        title: name,
        meaning,
        isNumber,
        cell: (row: DownloadRow) => cell(row, at),
      }))}
      rows={downloads}
      keyOf={({ id }) => id}
      attributesOf={({ object, state }) => ({
        'data-testid': 'download',
        'data-object': object,
        'data-state': state,
      })}
      openedKey={openedId}
      onOpen={(id) => openDownload(id, params)}
      // Esc closes the chunk first (detail.tsx).
      onClose={params['chunk'] === undefined ? () => openDownload(undefined, params) : undefined}
    />
  );
}
