/** Functions of two profiles: what each holds before and after, those that changed most first. */
import { formatCount } from '#shared/units.ts';
import { type ChangeLine, type ChangePage, maxTableRows } from '../../state/profile-questions.ts';
import { type ChangeFormat, presenceMarks } from './change-words.ts';
import { type Order, orderText } from '../../ui/order.ts';
import { type ProfileColumn, ProfileGrid } from './profile-grid.tsx';
import { changeAddress } from './use-address.ts';
import { exactWords } from './words.ts';
import styles from './tables.module.css';

export const changeColumnNames = ['function', 'before', 'after', 'delta', 'delta-cum'] as const;
export const usualChangeOrder: Order = { column: 'delta', direction: -1 };

interface ChangeTableProps {
  readonly page: ChangePage;
  readonly format: ChangeFormat;
  /** Of exact values; `undefined` for shares. */
  readonly unit: string | undefined;
  readonly order: Order;
  readonly openName: string | undefined;
}

export function ChangeTable({ page, format, unit, order, openName }: ChangeTableProps) {
  const { rows, matching } = page;
  return (
    <ProfileGrid
      label="Functions of both"
      testId="changes"
      columns={columnsOf(format, unit)}
      rows={rows}
      keyOf={({ name }) => name}
      order={order}
      onOrder={(next) => changeAddress({ sort: orderText(next) }, 'replace')}
      openKey={openName}
      onOpen={({ name }) => changeAddress({ fn: name })}
      foot={
        matching > rows.length
          ? `The first ${formatCount(maxTableRows)} of ${formatCount(matching)} in this order: search for the others.`
          : undefined
      }
    />
  );
}

function columnsOf(format: ChangeFormat, unit: string | undefined): readonly ProfileColumn<ChangeLine>[] {
  const exact = (value: number): string | undefined =>
    unit === undefined ? undefined : exactWords(value, unit);
  const number = { isNumber: true, width: '96px', isSortable: true };
  const value = (of: number) => <span title={exact(of)}>{format.value(of)}</span>;
  const change = (of: number) => (
    <span title={exact(of)} data-value={of}>
      {format.change(of)}
    </span>
  );
  return [
    {
      name: 'function',
      title: 'Function',
      meaning: 'Its name; ▲ + is only in B, ▽ − only in A. Enter shows who calls it and what it calls',
      width: 'minmax(200px, 1fr)',
      isSortable: true,
      cell: ({ name, file, presence }) => (
        <span
          className={styles['function']}
          title={file === '' ? name : `${name}\n${file}`}
          data-presence={presence}
        >
          <span className={styles['presence']} data-presence={presence}>
            {presenceMarks[presence]}
            {presence !== 'both' && <span className="visually-hidden">{presence}</span>}
          </span>
          {name === '' ? '(no name)' : name}
        </span>
      ),
    },
    {
      ...number,
      name: 'before',
      title: 'A flat',
      meaning: 'Of the function itself, in A',
      cell: ({ before }) => value(before),
    },
    {
      ...number,
      name: 'after',
      title: 'B flat',
      meaning: 'Of the function itself, in B',
      cell: ({ after }) => value(after),
    },
    {
      ...number,
      name: 'delta',
      title: 'B − A flat',
      meaning: 'How much more, or less; sorted by its size',
      cell: ({ delta }) => change(delta),
    },
    {
      ...number,
      name: 'delta-cum',
      title: 'B − A cum',
      meaning: 'The same with all that the function calls',
      cell: ({ deltaCum }) => change(deltaCum),
    },
  ];
}
