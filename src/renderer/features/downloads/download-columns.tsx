import type { ReactNode } from 'react';
import type { DownloadRow } from '#shared/download-model.ts';
import {
  formatAge,
  formatBytes,
  formatCount,
  formatDuration,
  formatRate,
  formatTime,
} from '#shared/units.ts';
import { ObjectName } from '../live/object-name.tsx';
import { revisionWords } from './words.ts';

interface DownloadColumn {
  readonly name: string;
  readonly isNumber: boolean;
  readonly meaning: string;
  /** `at`: when this was so, on the server. */
  readonly cell: (row: DownloadRow, at: number) => ReactNode;
}

/** The columns of the downloads, in order; the widths are in the style sheet. */
export const downloadColumns: readonly DownloadColumn[] = [
  {
    name: 'Object',
    isNumber: false,
    meaning: 'What is fetched',
    cell: ({ object }) => (
      <span title={object}>
        <ObjectName name={object} />
      </span>
    ),
  },
  {
    name: 'Revision',
    isNumber: false,
    meaning: "The store's validator of this very version",
    cell: ({ revision }) => <code title={revision}>{revisionWords(revision)}</code>,
  },
  {
    name: 'State',
    isNumber: false,
    meaning: 'Fetching; idle while somebody reads it or did so in the last 30 s; ended',
    cell: ({ state }) => <span data-state={state}>{state}</span>,
  },
  {
    name: 'Fetched',
    isNumber: true,
    meaning: 'Bytes from the store, those that came again included, and the length of the object',
    cell: ({ fetchedBytes, objectBytes }) => `${formatBytes(fetchedBytes)} / ${formatBytes(objectBytes)}`,
  },
  {
    name: 'Rate',
    isNumber: true,
    meaning: 'From the store, over the last two seconds',
    cell: ({ bytesPerSecond }) => (bytesPerSecond > 0 ? formatRate(bytesPerSecond) : '–'),
  },
  {
    name: 'Pieces',
    isNumber: true,
    meaning: 'Complete, and on their way',
    cell: ({ done, active }) => `${formatCount(done)}${active > 0 ? ` + ${formatCount(active)}` : ''}`,
  },
  {
    name: 'Failed',
    isNumber: true,
    meaning: 'Pieces that were given up',
    cell: ({ failed }) => (failed > 0 ? <em>{formatCount(failed)}</em> : '–'),
  },
  {
    name: 'Retries',
    isNumber: true,
    meaning: 'Attempts after a failed one, and second requests for late answers',
    cell: ({ retries, hedges }) =>
      retries + hedges === 0
        ? '–'
        : `${formatCount(retries)}${hedges > 0 ? ` + ${formatCount(hedges)} hedged` : ''}`,
  },
  {
    name: 'First byte',
    isNumber: true,
    meaning: 'Median of the newest 64 answers of the store',
    cell: ({ firstByteMs }) => (firstByteMs === undefined ? '–' : formatDuration(firstByteMs)),
  },
  {
    name: 'Readers',
    isNumber: true,
    meaning: 'Transfers that read it now',
    cell: ({ readers }) => (readers > 0 ? formatCount(readers) : '–'),
  },
  {
    name: 'Started',
    isNumber: true,
    meaning: 'When its first piece was fetched',
    cell: ({ startedAt }) => formatTime(startedAt),
  },
  {
    name: 'Last',
    isNumber: true,
    meaning: 'When bytes came last',
    cell: ({ lastAt }, at) => formatAge(at - lastAt),
  },
];
