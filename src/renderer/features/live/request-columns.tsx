import type { ReactNode } from 'react';
import { formatBytes, formatDuration } from '#shared/units.ts';
import type { StoredRequest } from '../../state/request-store.ts';
import { formatClock, statusWord } from '../../ui/format.ts';
import { ObjectName } from './object-name.tsx';
import { RangeBar } from './range-bar.tsx';
import styles from './request-table.module.css';

interface Column {
  readonly name: string;
  readonly className?: string | undefined;
  readonly cell: (request: StoredRequest) => ReactNode;
  /** The whole text, where the cell may be cut. */
  readonly title?: (request: StoredRequest) => string;
}

const number = styles['number'];
const mono = styles['mono'];

/** The table's columns, in order; the widths are in the style sheet. */
export const columns: readonly Column[] = [
  { name: 'Time', cell: ({ at }) => formatClock(at) },
  { name: 'Method', cell: ({ method }) => method },
  { name: 'Object', cell: ({ target }) => <ObjectName name={target} />, title: ({ target }) => target },
  {
    name: 'Range',
    className: mono,
    cell: ({ range }) => (range === '' ? '–' : range.replace(/^bytes=/, '')),
    title: ({ range }) => range,
  },
  { name: 'Position', cell: (request) => <RangeBar request={request} /> },
  { name: 'Status', className: styles['status'], cell: (request) => <Status request={request} /> },
  { name: 'Sent', className: number, cell: ({ sentBytes }) => formatBytes(sentBytes) },
  {
    name: 'First byte',
    className: number,
    cell: ({ firstByteMs }) => (firstByteMs === undefined ? '–' : formatDuration(firstByteMs)),
  },
  { name: 'Duration', className: number, cell: ({ durationMs }) => formatDuration(durationMs) },
  { name: 'Tier', cell: ({ tier }) => tier ?? '–' },
  { name: 'Client', className: mono, cell: ({ client }) => client, title: ({ client }) => client },
];

function Status({ request: { status, complete } }: { readonly request: StoredRequest }) {
  return (
    <>
      {status >= 400 && <i aria-hidden="true">▲</i>}
      <b>{status}</b>{' '}
      {complete ? statusWord(status) : <em title="The connection ended before all was sent">cut off</em>}
    </>
  );
}
