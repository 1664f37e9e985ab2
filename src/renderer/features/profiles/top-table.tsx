/** Functions by what they hold themselves and with all that they call, as `go tool pprof -top` counts. */
import { formatValue } from '#shared/profile/callout.ts';
import { formatCount } from '#shared/units.ts';
import { maxTableRows, type TopLine, type TopPage } from '../../state/profile-questions.ts';
import { type Order, orderText } from '../../ui/order.ts';
import { type ProfileColumn, ProfileGrid } from './profile-grid.tsx';
import { changeAddress } from './use-address.ts';
import { exactWords, percentWords } from './words.ts';
import styles from './tables.module.css';

interface TopTableProps {
  readonly page: TopPage;
  readonly unit: string;
  readonly order: Order;
  readonly openName: string | undefined;
}

export const topColumnNames = ['function', 'flat', 'cum'] as const;
export const usualTopOrder: Order = { column: 'flat', direction: -1 };

export function TopTable({ page, unit, order, openName }: TopTableProps) {
  const { rows, matching, whole } = page;
  return (
    <ProfileGrid
      label="Functions"
      testId="top"
      columns={columnsOf(unit, whole)}
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

function columnsOf(unit: string, whole: number): readonly ProfileColumn<TopLine>[] {
  const number = (
    name: string,
    title: string,
    meaning: string,
    {
      width,
      value,
      share,
    }: {
      readonly width: string;
      readonly value?: (row: TopLine) => number;
      readonly share?: (row: TopLine) => number;
    },
  ): ProfileColumn<TopLine> => ({
    name,
    title,
    meaning,
    isNumber: true,
    width,
    isSortable: value !== undefined,
    cell: (row) =>
      value ? (
        <span title={exactWords(value(row), unit)} data-value={value(row)}>
          {formatValue(value(row), unit)}
        </span>
      ) : (
        <span className={styles['quiet']}>{percentWords(share?.(row) ?? 0, whole)}</span>
      ),
  });
  return [
    {
      name: 'function',
      title: 'Function',
      meaning: 'Its name; Enter shows who calls it and what it calls',
      width: 'minmax(200px, 1fr)',
      isSortable: true,
      cell: ({ name, file }) => (
        <span className={styles['function']} title={file === '' ? name : `${name}\n${file}`}>
          {name === '' ? '(no name)' : name}
          {file !== '' && <em>{file}</em>}
        </span>
      ),
    },
    number('flat', 'Flat', 'What the function holds, or took, itself', {
      width: '88px',
      value: ({ flat }) => flat,
    }),
    number('flat-share', 'Flat %', 'The same as a share of all', {
      width: '64px',
      share: ({ flat }) => flat,
    }),
    number('sum', 'Sum %', 'This function and all with a larger flat, together', {
      width: '64px',
      share: ({ sumShare }) => sumShare * whole,
    }),
    number('cum', 'Cum', 'With all that it calls', { width: '88px', value: ({ cum }) => cum }),
    number('cum-share', 'Cum %', 'The same as a share of all', { width: '64px', share: ({ cum }) => cum }),
  ];
}
