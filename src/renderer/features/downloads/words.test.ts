import { describe, expect, it } from 'vitest';
import type { Piece } from '../../state/pieces.ts';
import { barsOf } from './attempt-bars.tsx';
import { cellAfterKey, cellAtPoint, cellPlace, mapLayout } from './map-layout.ts';
import { runsOf } from './map-table.tsx';
import { parseOrder } from '../../ui/order.ts';
import { pieceColumns, sorted } from './piece-columns.tsx';
import {
  firstByteMs,
  heldMs,
  queueMs,
  rateOf,
  recordedFetches,
  residence,
  transferMs,
} from './piece-times.ts';
import { attemptWords, curlCommand, reasonWords, requestsFilter, revisionWords } from './words.ts';

function pieceOf(changes: Partial<Piece> = {}): Piece {
  return {
    row: 0,
    index: 0,
    start: 0,
    end: 1000,
    lane: 'ahead',
    state: 'cached',
    hedge: 'none',
    tier: 'none',
    attempts: 1,
    receivedBytes: 1000,
    queuedAt: 0,
    askedAt: 10,
    answeredAt: 30,
    completeAt: 110,
    heldMs: 40,
    heldSince: undefined,
    releasedAt: 150,
    goneAt: undefined,
    failedAttempts: [],
    ...changes,
  };
}

const stalled = { row: 0, askedAt: 10, answeredAt: -1, endedAt: 60, reason: 'STORE_STALLED' };

describe('the times of a piece', () => {
  it('are of its queue, first byte, transfer, hold and rate', () => {
    const piece = pieceOf();
    expect([queueMs(piece), firstByteMs(piece), transferMs(piece), heldMs(piece, 500)]).toEqual([
      10, 20, 80, 40,
    ]);
    expect(rateOf(piece)).toBe(10_000);
    expect(residence(piece, 500)).toEqual({ fromMs: 0, toMs: 150, bytes: 1000 });
  });

  it('go on while it is held', () => {
    expect(heldMs(pieceOf({ heldSince: 480, releasedAt: undefined }), 500)).toBe(60);
    expect(residence(pieceOf({ releasedAt: undefined }), 500).toMs).toBe(500);
  });

  it('say nothing of what has not happened, nor of the first byte of a first look', () => {
    const waiting = pieceOf({ answeredAt: undefined, completeAt: undefined });
    expect([firstByteMs(waiting), transferMs(waiting), heldMs(waiting, 500), rateOf(waiting)]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(firstByteMs(pieceOf({ lane: 'first look' }))).toBeUndefined();
  });

  it('count from the first attempt where there were several', () => {
    const piece = pieceOf({ attempts: 2, askedAt: 70, answeredAt: 80, failedAttempts: [stalled] });
    expect([queueMs(piece), firstByteMs(piece), transferMs(piece)]).toEqual([10, 10, 30]);
    expect(rateOf(piece)).toBe(10_000);
  });
});

describe('the bars of a piece', () => {
  it('are one for each attempt, with the reason why it failed', () => {
    const piece = pieceOf({ attempts: 2, askedAt: 70, answeredAt: 80, failedAttempts: [stalled] });
    expect(barsOf(piece, 500)).toEqual([
      {
        name: 'attempt 1',
        reason: 'no byte came in time',
        parts: [
          { part: 'queue', ms: 10 },
          { part: 'first byte', ms: 50 },
          { part: 'transfer', ms: 0 },
        ],
      },
      {
        name: 'attempt 2',
        parts: [
          { part: 'queue', ms: 10 },
          { part: 'first byte', ms: 10 },
          { part: 'transfer', ms: 30 },
          { part: 'held', ms: 40 },
        ],
      },
    ]);
  });

  it('end with the attempt that failed for good', () => {
    const piece = pieceOf({ state: 'failed', completeAt: undefined, failedAttempts: [stalled] });
    expect(barsOf(piece, 500).map(({ name, reason }) => [name, reason])).toEqual([
      ['attempt 1', 'no byte came in time'],
    ]);
  });
});

describe('what is played again', () => {
  it('are the complete pieces in the order of their place, without gaps, the newest of each', () => {
    const pieces = [
      pieceOf({ row: 0, start: 5000, end: 6000 }),
      pieceOf({ row: 1, start: 1000, end: 1500 }),
      pieceOf({ row: 2, start: 5000, end: 6000, answeredAt: 50 }),
      pieceOf({ row: 3, start: 9000, end: 9999, completeAt: undefined }),
    ];
    expect(recordedFetches(pieces)).toEqual({
      bytes: 1500,
      fetches: [
        { start: 0, bytes: 500, firstByteMs: 20, transferMs: 80 },
        { start: 500, bytes: 1000, firstByteMs: 40, transferMs: 60 },
      ],
    });
  });
});

describe('the order of the pieces', () => {
  const pieces = [
    pieceOf({ row: 0, index: 2, heldMs: 5 }),
    pieceOf({ row: 1, index: 0, completeAt: undefined }),
    pieceOf({ row: 2, index: 1, heldMs: 9 }),
  ];
  const columns = pieceColumns.map(({ name }) => name);
  const rows = (order: string | undefined): readonly number[] =>
    sorted(pieces, parseOrder(order, columns, undefined), 500).map(({ row }) => row);

  it('is the newest first, or by a column either way, without a value last', () => {
    expect(rows(undefined)).toEqual([2, 1, 0]);
    expect(rows('chunk')).toEqual([1, 2, 0]);
    expect(rows('-held')).toEqual([2, 0, 1]);
    expect(rows('held')).toEqual([0, 2, 1]);
    expect(rows('no-column')).toEqual([2, 1, 0]);
  });
});

describe('the map', () => {
  it('has the largest cells that fit, and finds each of them under its own corner', () => {
    const [few, many] = [mapLayout(20, 800, 132), mapLayout(16_384, 800, 132)];
    expect(few.cell.width).toBe(14);
    expect(many.cell.width).toBe(2);
    for (const index of [0, 1, 19]) {
      const { x, y } = cellPlace(few, index);
      expect(cellAtPoint(few, 20, x, y)).toBe(index);
    }
    expect(cellAtPoint(few, 20, 20 * 16, 0)).toBeUndefined();
    expect(cellAtPoint(few, 20, -1, 0)).toBeUndefined();
  });

  it('moves its cursor by keys, and not out of itself', () => {
    const layout = mapLayout(100, 160, 400);
    expect(layout.perRow).toBe(10);
    const after = (from: number, key: string) => cellAfterKey(layout, 100, from, key);
    expect([
      after(5, 'ArrowRight'),
      after(5, 'ArrowDown'),
      after(5, 'ArrowUp'),
      after(0, 'ArrowLeft'),
    ]).toEqual([6, 15, 5, 0]);
    expect([after(50, 'Home'), after(50, 'End'), after(99, 'ArrowRight'), after(5, 'x')]).toEqual([
      0,
      99,
      99,
      undefined,
    ]);
  });

  it('says neighbours that are alike in one row', () => {
    expect(runsOf('aaeea')).toEqual([
      { state: 'never', from: 0, to: 1 },
      { state: 'held', from: 2, to: 3 },
      { state: 'never', from: 4, to: 4 },
    ]);
  });
});

describe('words', () => {
  it('say how often it was asked, why not, and which revision', () => {
    expect(attemptWords(pieceOf({ attempts: 3, hedge: 'won' }))).toBe('3 + hedge won');
    expect(reasonWords('STORE_STALLED')).toBe('no byte came in time');
    expect(reasonWords('SOMETHING_NEW')).toBe('something new');
    expect(reasonWords('__proto__')).toBe('  proto  ');
    expect(revisionWords('7f3a http://store.example')).toBe('7f3a');
  });

  it('ask for the bytes again in a shell, whatever is in the path', () => {
    const range = { start: 0, end: 1024 };
    const path = "/api/v1/object/a/it's%20$(rm)";
    const command = curlCommand({ path }, 'http://127.0.0.1:7420', range);
    expect(command).toContain('--range 0-1023 ');
    expect(command).toMatch(/ 'http:\/\/127\.0\.0\.1:7420\/api\/v1\/object\/a\/it'\\''s%20\$\(rm\)'$/);
    expect(curlCommand({}, 'http://127.0.0.1:7420', range)).toBeUndefined();
    expect(curlCommand({ path: 'http://[' }, 'http://127.0.0.1:7420', range)).toBeUndefined();
  });

  it('find the requests for the object', () => {
    expect(requestsFilter('team/a')).toBe('object:team/a');
    expect(requestsFilter('team/a b')).toBe('object:"team/a b"');
  });
});
