import type { MouseEvent } from 'react';
import { Ellipsis } from 'lucide-react';
import type { RecordingSummary } from '#shared/recording/model.ts';
import { formatBytes, formatDuration } from '#shared/units.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Menu, MenuItem, MenuLine } from '../../ui/menu.tsx';
import { Table, type TableColumn } from '../../ui/table.tsx';
import { playHash } from '../shell/recorder-actions.ts';
import { useIncidents } from './context.ts';
import { useSaveFile } from './save-file.ts';
import { eventWords, originWords, spanWords, titleOf } from './words.ts';
import styles from './recording-table.module.css';

interface RecordingTableProps {
  readonly rows: readonly RecordingSummary[];
  readonly openedId: string | undefined;
}

const columns: readonly TableColumn<RecordingSummary>[] = [
  { name: 'recording', title: 'Recording', cell: (row) => <Name row={row} /> },
  { name: 'covers', title: 'Covers', cell: (row) => <Covers row={row} /> },
  { name: 'events', title: 'Alerts and marks', cell: (row) => <Events row={row} /> },
  { name: 'size', title: 'Size', isNumber: true, cell: ({ bytes }) => <span>{formatBytes(bytes)}</span> },
  {
    name: 'actions',
    title: <span className="visually-hidden">Do</span>,
    cell: (row) => <RowActions row={row} />,
  },
];

export function RecordingTable({ rows, openedId }: RecordingTableProps) {
  const { actions } = useIncidents();
  return (
    <Table
      labelledBy="saved-title"
      testId="recording-table"
      className={styles['recordings']}
      lines={2}
      columns={columns}
      rows={rows}
      keyOf={({ id }) => id}
      attributesOf={({ id, origin }) => ({
        'data-testid': 'recording',
        'data-id': id,
        'data-origin': origin,
      })}
      openedKey={openedId}
      onOpen={actions.open}
      onClose={() => actions.open(undefined)}
    />
  );
}

interface CellProps {
  readonly row: RecordingSummary;
}

function Name({ row }: CellProps) {
  const { note, origin, isWhole } = row;
  const [line = ''] = note.split('\n');
  return (
    <>
      <strong title={titleOf(row)}>{titleOf(row)}</strong>
      <small title={note === '' ? undefined : note}>
        {!isWhole && <em>▲ damaged</em>}
        {originWords(origin)}
        {line !== '' && ` · ${line}`}
      </small>
    </>
  );
}

function Covers({ row: { firstAt, lastAt } }: CellProps) {
  return (
    <>
      <span>{spanWords(firstAt, lastAt)}</span>
      <small>{formatDuration(lastAt - firstAt)}</small>
    </>
  );
}

function Events({ row }: CellProps) {
  const words = eventWords(row);
  return words === '' ? <span className={styles['none']}>none</span> : <span>{words}</span>;
}

function RowActions({ row }: CellProps) {
  const { actions, mayChange } = useIncidents();
  const save = useSaveFile();
  const { id } = row;
  const stay = (event: MouseEvent): void => event.stopPropagation();
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions, jsx-a11y/click-events-have-key-events -- not the row's own
    <div className={styles['actions']} onClick={stay}>
      <LinkButton href={playHash(id)}>Play</LinkButton>
      <Menu
        align="end"
        trigger={
          <Button weight="quiet" aria-label={`More for ${titleOf(row)}`} title="More">
            <Ellipsis size={14} strokeWidth={1.75} aria-hidden="true" />
          </Button>
        }
      >
        {save && <MenuItem onPress={() => save('recording', id)}>Save the file</MenuItem>}
        {mayChange && (
          <>
            <MenuItem onPress={() => actions.ask({ kind: 'bundle', recording: id })}>Make a bundle…</MenuItem>
            <MenuItem isDisabled={!row.isWhole} onPress={() => actions.ask({ kind: 'edit', recording: row })}>
              Name and note…
            </MenuItem>
            <MenuLine />
            <MenuItem onPress={() => actions.ask({ kind: 'remove', recording: row })}>Remove…</MenuItem>
          </>
        )}
      </Menu>
    </div>
  );
}
