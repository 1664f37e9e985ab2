/** Rows are what one chooses from: arrow keys move, Enter opens, Esc closes; a click does both. */
import { type KeyboardEvent, useRef, useState } from 'react';
import type { RepositoryList } from '#shared/contract/repositories.ts';
import type { RepositoryRow } from '#shared/repository-model.ts';
import { useRepositories } from './context.ts';
import { columns } from './repository-columns.tsx';
import { useEscape } from './use-escape.ts';
import styles from './repository-table.module.css';

interface RepositoryTableProps {
  readonly rows: readonly RepositoryRow[];
  readonly list: RepositoryList;
  readonly openedName: string | undefined;
}

export function RepositoryTable({ rows, list, openedName }: RepositoryTableProps) {
  const { actions } = useRepositories();
  const [focused, setFocused] = useState<string>();
  const body = useRef<HTMLTableSectionElement>(null);
  const at = Math.max(
    0,
    rows.findIndex(({ name }) => name === (focused ?? openedName)),
  );
  const focusRow = (index: number): void => {
    const row = body.current?.rows[Math.min(rows.length - 1, Math.max(0, index))];
    row?.focus();
    row?.scrollIntoView({ block: 'nearest' });
  };
  useEscape(openedName !== undefined, () => {
    actions.open(undefined);
    focusRow(rows.findIndex(({ name }) => name === openedName));
  });
  const onKeyDown = (event: KeyboardEvent): void => {
    const last = rows.length - 1;
    const to = { ArrowDown: at + 1, j: at + 1, ArrowUp: at - 1, k: at - 1, Home: 0, End: last }[event.key];
    if (event.key === 'Enter') actions.open(rows[at]?.name);
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
        aria-labelledby="repositories-title"
        data-testid="repository-table"
        onKeyDown={onKeyDown}
      >
        <colgroup>
          {columns.map(({ name }) => (
            <col key={name} data-column={name} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {columns.map(({ name }) => (
              <th key={name} scope="col" data-column={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {rows.map((row, index) => (
            <tr
              key={row.name}
              tabIndex={index === at ? 0 : -1}
              aria-selected={row.name === openedName}
              data-testid="repository"
              data-name={row.name}
              onFocus={() => setFocused(row.name)}
              onClick={() => actions.open(row.name)}
            >
              {columns.map(({ name, cell }) => (
                <td key={name} data-column={name}>
                  {cell(row, list)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
