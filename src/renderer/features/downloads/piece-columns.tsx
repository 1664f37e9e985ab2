import type { ReactNode } from 'react';
import { formatBytes, formatCount, formatDuration, formatRate } from '#shared/units.ts';
import type { Piece } from '../../state/pieces.ts';
import type { Order } from '../../ui/order.ts';
import { firstByteMs, heldMs, queueMs, rateOf, transferMs } from './piece-times.ts';
import { attemptWords } from './words.ts';

export interface PieceColumn {
  /** In the address. */
  readonly name: string;
  readonly title: string;
  readonly meaning: string;
  readonly isNumber: boolean;
  /** What it is sorted by; `undefined` comes last. */
  readonly value: (piece: Piece, now: number) => number | string | undefined;
  readonly cell: (piece: Piece, now: number) => ReactNode;
}

function duration(milliseconds: number | undefined): string {
  return milliseconds === undefined ? '–' : formatDuration(milliseconds);
}

/** The columns of the pieces, in order; the widths are in the style sheet. */
export const pieceColumns: readonly PieceColumn[] = [
  {
    name: 'chunk',
    title: 'Chunk',
    meaning: 'The chunk that the piece lies in',
    isNumber: true,
    value: ({ index, row }) => index + row / 1e9,
    cell: ({ index }) => formatCount(index),
  },
  {
    name: 'bytes',
    title: 'Bytes',
    meaning: 'How many bytes were asked for',
    isNumber: true,
    value: ({ start, end }) => end - start,
    cell: ({ start, end }) => formatBytes(end - start),
  },
  {
    name: 'state',
    title: 'State',
    meaning: 'What has become of it',
    isNumber: false,
    value: ({ state }) => state,
    cell: ({ state }) => <span data-state={state}>{state}</span>,
  },
  {
    name: 'lane',
    title: 'For',
    meaning: 'Who had it fetched: a small read, a client that waited, a window, or a first look',
    isNumber: false,
    value: ({ lane }) => lane,
    cell: ({ lane }) => lane,
  },
  {
    name: 'attempts',
    title: 'Attempts',
    meaning: 'Requests that were made for it, and whether it was asked twice at a time',
    isNumber: true,
    value: ({ attempts, hedge }) => attempts + (hedge === 'none' ? 0 : 0.5),
    cell: (piece) => attemptWords(piece),
  },
  {
    name: 'queue',
    title: 'Queue',
    meaning: 'Waiting for a permit to ask the store',
    isNumber: true,
    value: queueMs,
    cell: (piece) => duration(queueMs(piece)),
  },
  {
    name: 'first',
    title: 'First byte',
    meaning: 'From the last request to the head of its answer',
    isNumber: true,
    value: firstByteMs,
    cell: (piece) => duration(firstByteMs(piece)),
  },
  {
    name: 'transfer',
    title: 'Transfer',
    meaning: 'From the head of the answer to the last byte',
    isNumber: true,
    value: transferMs,
    cell: (piece) => duration(transferMs(piece)),
  },
  {
    name: 'rate',
    title: 'Rate',
    meaning: 'Bytes over the time from the first request to the last byte',
    isNumber: true,
    value: rateOf,
    cell: (piece) => {
      const rate = rateOf(piece);
      return rate === undefined ? '–' : formatRate(rate);
    },
  },
  {
    name: 'held',
    title: 'Held',
    meaning:
      'How long, once it was complete, some transfer wanted it: until the last let it go, or it was evicted',
    isNumber: true,
    value: heldMs,
    cell: (piece, now) => duration(heldMs(piece, now)),
  },
  {
    name: 'tier',
    title: 'Later from',
    meaning: 'Where it was served from when it was read again',
    isNumber: false,
    value: ({ tier }) => tier,
    cell: ({ tier }) => (tier === 'none' ? '–' : tier),
  },
];

/** In `order`, else the newest first; pieces without a value are last, whichever way. */
export function sorted(pieces: readonly Piece[], order: Order | undefined, now: number): readonly Piece[] {
  const column = pieceColumns.find(({ name }) => name === order?.column);
  if (!order || !column) return pieces.toReversed();
  const { direction } = order;
  const keyed = pieces.map((piece) => ({ piece, value: column.value(piece, now) }));
  keyed.sort((a, b) => {
    if (a.value === undefined || b.value === undefined)
      return Number(a.value === undefined) - Number(b.value === undefined) || a.piece.row - b.piece.row;
    if (a.value === b.value) return a.piece.row - b.piece.row;
    return (a.value < b.value ? -1 : 1) * direction;
  });
  return keyed.map(({ piece }) => piece);
}
