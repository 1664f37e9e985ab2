import type { CSSProperties, ReactNode } from 'react';
import { formatBytes, formatClock, formatCount, formatDuration } from '#shared/units.ts';
import type { ColumnRule } from '../../../state/column-layout.ts';
import type { StoredRequest } from '../../../state/request-store.ts';
import { ObjectName } from '../../live/object-name.tsx';
import {
  bytesWord,
  conditionName,
  hasFailed,
  ifRangeSentence,
  ifRangeWord,
  outcomeWord,
  rangeKindWord,
} from '../words.ts';
import { RangeBar } from './range-bar.tsx';
import styles from './grid.module.css';

export interface Column extends ColumnRule {
  readonly name: string;
  /** What it says, where the name alone does not. */
  readonly hint?: string;
  readonly kind?: 'number' | 'mono' | 'flexible';
  readonly cell: (request: StoredRequest) => ReactNode;
  /** The whole text, where the cell may be cut. */
  readonly title?: (request: StoredRequest) => string;
}

const dash = '–';
const duration = (milliseconds: number | undefined): string =>
  milliseconds === undefined ? dash : formatDuration(milliseconds);

/** Every column there is, in the order of its own. Widths with the gap behind each. */
const all: readonly Omit<Column, 'isShown'>[] = [
  { id: 'time', name: 'Time', width: 92, hint: 'When it came', cell: ({ at }) => formatClock(at) },
  { id: 'method', name: 'Method', width: 56, cell: ({ method }) => method },
  {
    id: 'object',
    name: 'Object',
    width: 128,
    kind: 'flexible',
    cell: ({ target }) => <ObjectName name={target} />,
    title: ({ target }) => target,
  },
  {
    id: 'range',
    name: 'Range',
    width: 118,
    hint: 'As asked',
    kind: 'mono',
    cell: ({ range }) => range?.replace(/^bytes=/, '') ?? dash,
    title: ({ range, rangeKind }) => (range === undefined ? '' : `${range} (${rangeKindWord(rangeKind)})`),
  },
  {
    id: 'place',
    name: 'In the object',
    width: 126,
    hint: 'Where in the object the bytes lie that were sent; the letter is the slowest level asked: M memory, D disk, S store',
    cell: (request) => <RangeBar request={request} />,
  },
  {
    id: 'if-range',
    name: 'If-Range',
    width: 84,
    cell: ({ ifRange }) => ifRangeWord(ifRange),
    title: ({ ifRange }) => ifRangeSentence(ifRange),
  },
  { id: 'status', name: 'Status', width: 128, cell: (request) => <Status request={request} /> },
  {
    id: 'bytes',
    name: 'Sent / asked',
    width: 116,
    hint: 'Bytes of the body; what was to be sent is there when it is not the same',
    kind: 'number',
    cell: bytesWord,
  },
  {
    id: 'ttfb',
    name: 'TTFB',
    width: 62,
    hint: 'Time to the first byte',
    kind: 'number',
    cell: ({ firstByteMs }) => duration(firstByteMs),
  },
  {
    id: 'duration',
    name: 'Duration',
    width: 70,
    kind: 'number',
    cell: ({ durationMs }) => duration(durationMs),
  },
  { id: 'tier', name: 'Tier', width: 62, hint: 'The slowest level asked', cell: ({ tier }) => tier ?? dash },
  {
    id: 'client',
    name: 'Client',
    width: 104,
    kind: 'mono',
    cell: ({ client }) => client,
    title: ({ client }) => client,
  },
  {
    id: 'waterfall',
    name: 'Waterfall',
    width: 200,
    hint: 'When it was under way, on one axis for all rows in sight; the hollow part waits for the first byte',
    cell: (request) => <WaterfallBar request={request} />,
  },
  {
    id: 'held',
    name: 'Held',
    width: 66,
    hint: 'The longest that a complete chunk waited for the client',
    kind: 'number',
    cell: ({ heldMs }) => duration(heldMs),
  },
  {
    id: 'condition',
    name: 'Condition',
    width: 132,
    hint: 'The precondition that ended it',
    cell: ({ condition }) => conditionName(condition),
  },
  { id: 'complete', name: 'Complete', width: 74, cell: ({ complete }) => (complete ? 'yes' : 'no') },
  {
    id: 'size',
    name: 'Object size',
    width: 84,
    kind: 'number',
    cell: ({ objectBytes }) => (objectBytes === undefined ? dash : formatBytes(objectBytes)),
  },
  { id: 'seq', name: 'No.', width: 76, kind: 'number', cell: ({ seq }) => formatCount(seq) },
];

/** Where a table of requests stands: below the Live view there is room for less. */
export type GridPlace = 'live' | 'requests';

const shownIn: Readonly<Record<GridPlace, readonly string[]>> = {
  live: ['time', 'object', 'range', 'place', 'status', 'bytes', 'ttfb', 'duration', 'client'],
  requests: [
    'time',
    'method',
    'object',
    'range',
    'place',
    'if-range',
    'status',
    'bytes',
    'ttfb',
    'duration',
    'tier',
    'client',
  ],
};

export function columnsFor(place: GridPlace): readonly Column[] {
  return all.map((column) => Object.assign({ isShown: shownIn[place].includes(column.id) }, column));
}

function Status({ request }: { readonly request: StoredRequest }) {
  const { status, complete } = request;
  return (
    <span className={styles['status']} data-failed={hasFailed(request)}>
      {hasFailed(request) && <i aria-hidden="true">▲</i>}
      <b>{status}</b> {outcomeWord(request)}
      {!complete && <em title="The connection ended before all was sent"> cut off</em>}
    </span>
  );
}

/** Its numbers only: the axis is the body's, so that rows need not be drawn again when it moves. */
function WaterfallBar({ request: { at, durationMs, firstByteMs = 0 } }: { readonly request: StoredRequest }) {
  const numbers: CSSProperties & Record<`--${string}`, number> = {
    '--at': at % waterfallWrapMs,
    '--ms': durationMs,
    '--wait': Math.min(firstByteMs, durationMs),
  };
  return <i className={styles['bar']} style={numbers} title={formatDuration(durationMs)} />;
}

/** CSS reckons with 32-bit floats: instants are taken from the beginning of their day. */
export const waterfallWrapMs = 86_400_000;
