/** The ledger by one trait: a bar and numbers for each group, and the sum, which is the ledger's. */
import { formatShare } from '#shared/profile/callout.ts';
import type { LedgerOwner } from '#shared/profile/ledger-owner.ts';
import { formatBytes, formatCount } from '#shared/units.ts';
import { type GridColumn, VirtualGrid } from '../../../ui/virtual-grid.tsx';
import { ObjectName } from '../../live/object-name.tsx';
import { type Grouping, type OwnerGroup, sumOf } from '#shared/profile/ledger-groups.ts';
import { PartsBar } from './parts-bar.tsx';
import styles from './group-table.module.css';

/** Groups that have a row; the others are summed up in one. */
const maxRows = 200;

const headings: Readonly<Record<Grouping, string>> = {
  client: 'Client',
  object: 'Object',
  state: 'State',
  age: 'In this state for',
};

interface GroupTableProps {
  readonly by: Grouping;
  readonly groups: readonly OwnerGroup[];
  /** The ledger's own. */
  readonly totalBytes: number;
  /** The key of the group that is open. */
  readonly opened: string | undefined;
  readonly onOpen: (key: string) => void;
}

export function GroupTable({ by, groups, totalBytes, opened, onOpen }: GroupTableProps) {
  const shown = groups.slice(0, maxRows);
  const hidden = groups.slice(maxRows);
  const most = Math.max(1, ...groups.map(({ bytes }) => bytes));
  const open = (group: OwnerGroup | undefined): void => {
    if (group) onOpen(group.key);
  };
  return (
    <VirtualGrid
      label={`The ledger by ${by}`}
      testId="ledger-grid"
      rowTestId="ledger-group"
      className={styles['groups']}
      columns={columnsOf(by, most, totalBytes)}
      rows={shown}
      keyOf={({ key }) => key}
      attributesOf={({ key, kind, bytes }) => ({ 'data-key': key, 'data-kind': kind, 'data-bytes': bytes })}
      // What is looked at is what is open.
      cursor={shown.findIndex(({ key }) => key === opened)}
      onMove={(index) => open(shown[index])}
      isOpen={({ key }) => key === opened}
      onOpen={open}
      foot={
        hidden.length > 0 ? (
          <span data-testid="more-groups">
            and {formatCount(hidden.length)} more with {formatBytes(sumOf(hidden, 'bytes'))} together
          </span>
        ) : undefined
      }
    />
  );
}

function columnsOf(by: Grouping, mostBytes: number, totalBytes: number): readonly GridColumn<OwnerGroup>[] {
  const isObject = by === 'object';
  return [
    {
      name: 'name',
      title: headings[by],
      hint: ({ name }) => name,
      cell: ({ name, kind }) => (isObject && kind === 'named' ? <ObjectName name={name} /> : name),
    },
    { name: 'why', title: 'Why', cell: ({ parts }) => <PartsBar parts={parts} ofBytes={mostBytes} /> },
    { name: 'bytes', title: 'Bytes', isNumber: true, cell: ({ bytes }) => formatBytes(bytes) },
    {
      name: 'share',
      title: 'Share',
      isNumber: true,
      cell: ({ bytes }) => formatShare(bytes / Math.max(1, totalBytes)),
    },
    { name: 'buffers', title: 'Buffers', isNumber: true, cell: ({ count }) => formatCount(count) },
  ];
}

interface SumRowProps {
  readonly owners: readonly LedgerOwner[];
  /** Those that are shown. */
  readonly matching: readonly LedgerOwner[];
  readonly totalBytes: number;
}

/** What the rows come to, and what all owners do, held against the ledger itself. */
export function SumRow({ owners, matching, totalBytes }: SumRowProps) {
  const all = sumOf(owners, 'bytes');
  const bytes = sumOf(matching, 'bytes');
  const isEqual = all === totalBytes;
  const isWhole = matching.length === owners.length;
  return (
    <p
      className={styles['sum']}
      data-testid="ledger-sum"
      data-bytes={all}
      data-matching-bytes={bytes}
      data-ledger-bytes={totalBytes}
      data-equal={isEqual}
    >
      <span>{isWhole ? 'Sum' : 'What matches'}</span>
      <span>
        {!isWhole && `of ${formatBytes(all)} in all, `}
        {isEqual
          ? 'equal to the ledger, to the byte'
          : `▲ the ledger has ${formatBytes(totalBytes)}: this is a bug of Sluice`}
      </span>
      <b>{formatBytes(bytes)}</b>
      <span>{formatShare(bytes / Math.max(1, totalBytes))}</span>
      <span data-column="buffers">{formatCount(sumOf(matching, 'count'))}</span>
    </p>
  );
}
