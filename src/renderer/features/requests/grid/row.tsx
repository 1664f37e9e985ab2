import { memo } from 'react';
import type { RequestStore, StoredRequest } from '../../../state/request-store.ts';
import table from '../../../ui/table.module.css';
import { hasFailed } from '../words.ts';
import type { Column } from './columns.tsx';
import styles from './grid.module.css';

interface GridRowProps {
  readonly requests: RequestStore;
  readonly number: number;
  readonly index: number;
  readonly top: number;
  readonly columns: readonly Column[];
  readonly isActive: boolean;
  readonly isOpen: boolean;
  readonly onPress: (request: StoredRequest) => void;
}

/** One row. What a number stands for never changes, so it renders once and then only moves. */
export const GridRow = memo(function GridRow(props: GridRowProps) {
  const { requests, number, index, top, columns, isActive, isOpen, onPress } = props;
  const request = requests.row(number);
  if (!request) return null;
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions -- the grid has the keys
    <tr
      id={`request-${number}`}
      aria-rowindex={index + 2}
      aria-selected={isActive || isOpen}
      className={table['row']}
      style={{ transform: `translateY(${top}px)` }}
      data-testid="request"
      data-active={isActive}
      data-opens
      data-seq={request.seq}
      data-target={request.target}
      data-status={request.status}
      data-failed={hasFailed(request)}
      data-range={request.range ?? ''}
      onClick={() => onPress(request)}
    >
      {columns.map(({ id, kind, cell, title }) => (
        <td key={id} className={kind && styles[kind]} title={title?.(request)}>
          {cell(request)}
        </td>
      ))}
    </tr>
  );
});
