/** Rows are what one chooses from: arrow keys move, Enter opens, Esc closes; a click does both. */
import { type KeyboardEvent, type MouseEvent, type ReactNode, useRef, useState } from 'react';
import { Ellipsis } from 'lucide-react';
import type { RecordingSummary } from '#shared/recording/model.ts';
import { formatBytes, formatDuration } from '#shared/units.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Menu, MenuItem, MenuLine } from '../../ui/menu.tsx';
import { playHash } from '../shell/recorder-actions.ts';
import { useIncidents } from './context.ts';
import { useSaveFile } from './save-file.ts';
import { eventWords, originWords, spanWords, titleOf } from './words.ts';
import styles from './recording-table.module.css';

interface RecordingTableProps {
  readonly rows: readonly RecordingSummary[];
  readonly openedId: string | undefined;
}

interface Column {
  readonly name: string;
  readonly title: string;
  readonly cell: (row: RecordingSummary) => ReactNode;
}

const columns: readonly Column[] = [
  { name: 'recording', title: 'Recording', cell: (row) => <Name row={row} /> },
  { name: 'covers', title: 'Covers', cell: (row) => <Covers row={row} /> },
  { name: 'events', title: 'Alerts and marks', cell: (row) => <Events row={row} /> },
  { name: 'size', title: 'Size', cell: ({ bytes }) => <span>{formatBytes(bytes)}</span> },
  { name: 'actions', title: 'Do', cell: (row) => <RowActions row={row} /> },
];

export function RecordingTable({ rows, openedId }: RecordingTableProps) {
  const { actions } = useIncidents();
  const [focused, setFocused] = useState<string>();
  const body = useRef<HTMLTableSectionElement>(null);
  const at = Math.max(
    0,
    rows.findIndex(({ id }) => id === (focused ?? openedId)),
  );
  const onKeyDown = (event: KeyboardEvent): void => {
    // The links and menus in a row have keys of their own.
    if (!(event.target instanceof HTMLTableRowElement)) return;
    const last = rows.length - 1;
    const to = { ArrowDown: at + 1, j: at + 1, ArrowUp: at - 1, k: at - 1, Home: 0, End: last }[event.key];
    if (event.key === 'Enter') actions.open(rows[at]?.id);
    if (to === undefined) return;
    event.preventDefault();
    const row = body.current?.rows[Math.min(last, Math.max(0, to))];
    row?.focus();
    row?.scrollIntoView({ block: 'nearest' });
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must reach it
    <div className={styles['scroller']}>
      <table
        className={styles['table']}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-to-interactive-role -- arrow keys choose a row
        role="grid"
        aria-labelledby="saved-title"
        aria-rowcount={rows.length + 1}
        data-testid="recording-table"
        onKeyDown={onKeyDown}
      >
        <colgroup>
          {columns.map(({ name }) => (
            <col key={name} data-column={name} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map(({ name, title }) => (
              <th key={name} scope="col" data-column={name}>
                {name === 'actions' ? <span className="visually-hidden">{title}</span> : title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {rows.map((row, index) => (
            <tr
              key={row.id}
              tabIndex={index === at ? 0 : -1}
              aria-rowindex={index + 2}
              aria-selected={row.id === openedId}
              data-testid="recording"
              data-id={row.id}
              data-origin={row.origin}
              onFocus={() => setFocused(row.id)}
              onClick={() => actions.open(row.id)}
            >
              {columns.map(({ name, cell }) => (
                <td key={name} data-column={name}>
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
