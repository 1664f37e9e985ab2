import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnAtShare, columnsAt, pixelOf, shareFromRight, ticksBeforeNow, ticksOfDay } from './axis.ts';

const spanColumns = fc.constantFrom(600, 1200, 3000, 6000);
const widthPixels = fc.integer({ min: 200, max: 5000 });
const someColumn = fc.integer({ min: 0, max: 20_000_000_000 });

describe('the shared axis', () => {
  it('gives each column to the pixel that shows it', () => {
    fc.assert(
      fc.property(spanColumns, widthPixels, someColumn, (span, width, column) => {
        const { from, to } = columnsAt(pixelOf(column, span, width), span, width);
        // A column that is wider than a pixel also reaches over the pixels up to the next column's.
        const isShown = width <= span ? from <= column && column <= to : from === column;
        expect(isShown).toBe(true);
      }),
    );
  });

  it('leaves no column out and shows none twice where pixels are the coarser', () => {
    fc.assert(
      fc.property(spanColumns, fc.integer({ min: 200, max: 600 }), someColumn, (span, width, column) => {
        const pixel = pixelOf(column, span, width);
        expect(columnsAt(pixel + 1, span, width).from).toBe(columnsAt(pixel, span, width).to + 1);
      }),
    );
  });

  it('finds the column under a pointer inside of the window, whatever the share', () => {
    fc.assert(
      fc.property(
        someColumn,
        spanColumns,
        fc.double({ min: -1, max: 2, noNaN: true }),
        (right, span, share) => {
          const window = { right: right + 10_000, span };
          const fromRight = shareFromRight(window, columnAtShare(window, share));
          expect(fromRight).toBeGreaterThanOrEqual(0);
          expect(fromRight).toBeLessThan(1);
        },
      ),
    );
  });
});

describe('labels', () => {
  it('say how long before now', () => {
    expect(ticksBeforeNow(1200).map(({ label }) => label)).toEqual([
      '-0:15',
      '-0:30',
      '-0:45',
      '-1:00',
      '-1:15',
      '-1:30',
      '-1:45',
    ]);
  });

  it('show tenths where a second is long', () => {
    expect(ticksBeforeNow(20).map(({ label }) => label)).toEqual(['-0:00.5', '-0:01.0', '-0:01.5']);
  });

  it('say what the clock said where time stands, at whole steps', () => {
    const ticks = ticksOfDay({ right: 10_007, span: 600 }, (at) => String(at));
    expect(ticks.map(({ label }) => Number(label) % 10_000)).toEqual(ticks.map(() => 0));
    expect(ticks.length).toBeGreaterThan(3);
  });
});
