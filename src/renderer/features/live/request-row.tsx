import { memo } from 'react';
import type { RequestStore } from '../../state/request-store.ts';
import { columns } from './request-columns.tsx';
import styles from './request-table.module.css';

interface RequestRowViewProps {
  readonly requests: RequestStore;
  readonly number: number;
  readonly index: number;
  readonly top: number;
  readonly isActive: boolean;
}

/** One row. What a number stands for never changes, so it renders once and then only moves. */
export const RequestRowView = memo(function RequestRowView(props: RequestRowViewProps) {
  const { requests, number, index, top, isActive } = props;
  const request = requests.row(number);
  if (!request) return null;
  return (
    <tr
      id={`request-${number}`}
      aria-rowindex={index + 2}
      aria-selected={isActive}
      className={styles['row']}
      style={{ transform: `translateY(${top}px)` }}
      data-testid="request"
      data-target={request.target}
      data-status={request.status}
      data-failed={request.status >= 400 || !request.complete}
      data-range={request.range}
    >
      {columns.map(({ name, className, cell, title }) => (
        <td key={name} className={className} title={title?.(request)}>
          {cell(request)}
        </td>
      ))}
    </tr>
  );
});
