/** The ledger by one trait: a bar and numbers for each group, and the sum, which is the ledger's. */
import type { KeyboardEvent } from 'react';
import { formatShare } from '#shared/profile/callout.ts';
import { formatBytes, formatCount } from '#shared/units.ts';
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
  const place = shown.findIndex(({ key }) => key === opened);
  const move = (event: KeyboardEvent): void => {
    const to = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: shown.length - 1 }[event.key];
    const group = to === undefined ? undefined : shown[Math.max(0, Math.min(shown.length - 1, to))];
    if (!group) return;
    event.preventDefault();
    onOpen(group.key);
  };
  return (
    <div className={styles['scroller']}>
      <table
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-to-interactive-role -- rows are chosen in it
        role="grid"
        className={styles['grid']}
        tabIndex={0}
        aria-label={`The ledger by ${by}`}
        aria-rowcount={shown.length + 1}
        aria-activedescendant={place < 0 ? undefined : `holder-${place}`}
        onKeyDown={move}
        data-testid="ledger-grid"
      >
        <thead>
          <tr className={styles['header']} aria-rowindex={1}>
            <th scope="col">{headings[by]}</th>
            <th scope="col">Why</th>
            <th scope="col">Bytes</th>
            <th scope="col">Share</th>
            <th scope="col">Buffers</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((group, index) => (
            <Row
              key={group.key}
              by={by}
              group={group}
              index={index}
              mostBytes={most}
              totalBytes={totalBytes}
              isOpen={group.key === opened}
              onOpen={onOpen}
            />
          ))}
        </tbody>
      </table>
      {hidden.length > 0 && (
        <p className={styles['hidden']} data-testid="more-groups">
          and {formatCount(hidden.length)} more with {formatBytes(sumOf(hidden, 'bytes'))} together
        </p>
      )}
    </div>
  );
}

interface RowProps {
  readonly by: Grouping;
  readonly group: OwnerGroup;
  readonly index: number;
  readonly mostBytes: number;
  readonly totalBytes: number;
  readonly isOpen: boolean;
  readonly onOpen: (key: string) => void;
}

function Row({ by, group, index, mostBytes, totalBytes, isOpen, onOpen }: RowProps) {
  const { key, name, kind, bytes, count, parts } = group;
  return (
    <tr
      id={`holder-${index}`}
      className={styles['row']}
      aria-rowindex={index + 2}
      aria-selected={isOpen}
      data-testid="ledger-group"
      data-key={key}
      data-kind={kind}
      data-bytes={bytes}
      onClick={() => onOpen(key)}
    >
      <td title={name}>{by === 'object' && kind === 'named' ? <ObjectName name={name} /> : name}</td>
      <td>
        <PartsBar parts={parts} ofBytes={mostBytes} />
      </td>
      <td>{formatBytes(bytes)}</td>
      <td>{formatShare(bytes / Math.max(1, totalBytes))}</td>
      <td>{formatCount(count)}</td>
    </tr>
  );
}

interface SumRowProps {
  readonly groups: readonly OwnerGroup[];
  readonly totalBytes: number;
}

/** What the rows come to, held against the ledger itself. */
export function SumRow({ groups, totalBytes }: SumRowProps) {
  const bytes = sumOf(groups, 'bytes');
  const isEqual = bytes === totalBytes;
  return (
    <p
      className={styles['sum']}
      data-testid="ledger-sum"
      data-bytes={bytes}
      data-ledger-bytes={totalBytes}
      data-equal={isEqual}
    >
      <span>Sum</span>
      <span>
        {isEqual
          ? 'equal to the ledger, to the byte'
          : `▲ the ledger has ${formatBytes(totalBytes)}: this is a bug of Sluice`}
      </span>
      <b>{formatBytes(bytes)}</b>
      <span>{formatShare(bytes / Math.max(1, totalBytes))}</span>
      <span>{formatCount(sumOf(groups, 'count'))}</span>
    </p>
  );
}
