/** The table behind an icicle: the same calls, each below its caller. */
import { type ReactNode, useMemo } from 'react';
import { formatCount } from '#shared/units.ts';
import type { IciclePicture } from '../../state/profile-questions.ts';
import { type CallRow, callRows } from './call-order.ts';
import { boxesTo } from './icicle-keys.ts';
import { nameKey } from '#shared/profile/node-path.ts';
import { type ProfileColumn, ProfileGrid } from './profile-grid.tsx';
import styles from './tables.module.css';

interface CallColumn {
  readonly name: string;
  readonly title: string;
  readonly meaning: string;
  readonly width: string;
  readonly cell: (box: number) => ReactNode;
}

interface CallTableProps {
  readonly picture: IciclePicture;
  readonly columns: readonly CallColumn[];
  readonly mark?: (box: number) => string;
  readonly onZoom: (keys: readonly string[]) => void;
}

/** Deeper calls are not set in any further. */
const deepestIndent = 40;

export function CallTable({ picture, columns, mark, onZoom }: CallTableProps) {
  const { boxes, name, names, crumbs } = picture;
  const rows = useMemo(() => callRows(boxes), [boxes]);
  const nameOf = (box: number): string => names[name[box] ?? 0] ?? '';
  const all: readonly ProfileColumn<CallRow>[] = [
    {
      name: 'call',
      title: 'Call',
      meaning: 'Each below its caller; Enter gives it the whole width',
      width: 'minmax(160px, 1fr)',
      cell: (row) => callName(row, nameOf(row.box), mark?.(row.box) ?? ''),
    },
    ...columns.map((column) => ({
      ...column,
      isNumber: true,
      cell: ({ box }: CallRow) => column.cell(box),
    })),
  ];
  return (
    <ProfileGrid
      label="Calls, as a table"
      testId="calls"
      columns={all}
      rows={rows}
      keyOf={({ box }) => String(box)}
      onOpen={({ box }) =>
        onZoom([
          ...crumbs.map(({ key }) => key).slice(0, box === 0 ? -1 : undefined),
          ...boxesTo(boxes, box).map((each) => nameKey(nameOf(each))),
        ])
      }
      foot={
        boxes.leftOut > 0
          ? `${formatCount(boxes.leftOut)} calls are too small to be drawn, and not listed: zoom in, or see the table of functions.`
          : undefined
      }
    />
  );
}

function callName({ depth }: CallRow, name: string, mark: string): ReactNode {
  return (
    <span
      className={styles['function']}
      style={{ paddingLeft: Math.min(depth, deepestIndent) * 10 }}
      title={name}
    >
      {mark}
      {name === '' ? 'all' : name}
    </span>
  );
}
