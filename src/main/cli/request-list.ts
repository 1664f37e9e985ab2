/** Requests as a table for people, a line each. */
import type { RequestRow } from '#shared/request-model.ts';
import { formatBytes, formatDuration } from '#shared/units.ts';
import { printable } from './job-progress.ts';

interface Column {
  readonly title: string;
  /** Columns keep their width while rows come; a longer cell moves what is right of it. */
  readonly width: number;
  readonly isNumber?: true;
  readonly cell: (row: RequestRow) => string;
}

const columns: readonly Column[] = [
  { title: 'TIME', width: 19, cell: ({ at }) => localTime(at) },
  { title: 'METHOD', width: 6, cell: ({ method }) => method },
  { title: 'STATUS', width: 6, cell: ({ status }) => String(status) },
  { title: 'SENT', width: 8, isNumber: true, cell: ({ sentBytes }) => formatBytes(sentBytes) },
  { title: 'ASKED', width: 8, isNumber: true, cell: ({ askedBytes }) => optional(askedBytes, formatBytes) },
  {
    title: 'TTFB',
    width: 8,
    isNumber: true,
    cell: ({ firstByteMs }) => optional(firstByteMs, formatDuration),
  },
  { title: 'TOOK', width: 9, isNumber: true, cell: ({ durationMs }) => formatDuration(durationMs) },
  { title: 'HELD', width: 8, isNumber: true, cell: ({ heldMs }) => optional(heldMs, formatDuration) },
  { title: 'TIER', width: 6, cell: ({ tier = '-' }) => tier },
  { title: 'CLIENT', width: 15, cell: ({ client }) => client },
  { title: 'END', width: 6, cell: ({ complete }) => (complete ? 'whole' : 'broken') },
  { title: 'RANGE', width: 20, cell: ({ range }) => range?.replace(/^bytes=/, '') ?? '-' },
  { title: 'OBJECT', width: 0, cell: ({ target }) => target },
];

export const requestTitles = line(columns.map(({ title }) => title));

export function describeRequest(row: RequestRow): string {
  return line(columns.map(({ cell }) => printable(cell(row))));
}

function line(cells: readonly string[]): string {
  const padded = cells.map((cell, at) => {
    const { width = 0, isNumber } = columns[at] ?? {};
    return isNumber ? cell.padStart(width) : cell.padEnd(width);
  });
  return `${padded.join('  ').trimEnd()}\n`;
}

function optional(value: number | undefined, format: (value: number) => string): string {
  return value === undefined ? '-' : format(value);
}

/** `2026-01-31 14:02:11`, as the clock on the wall has it. */
function localTime(at: number): string {
  const minutes = new Date(at).getTimezoneOffset();
  return new Date(at - minutes * 60_000).toISOString().slice(0, 19).replace('T', ' ');
}
