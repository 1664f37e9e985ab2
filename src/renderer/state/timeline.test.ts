import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { axisTicks, columnsAt, pixelOf, spans, Timeline } from './timeline.ts';

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

  it('labels time before now', () => {
    expect(axisTicks(2).map(({ label }) => label)).toEqual([
      '-0:15',
      '-0:30',
      '-0:45',
      '-1:00',
      '-1:15',
      '-1:30',
      '-1:45',
    ]);
  });
});

describe('Timeline', () => {
  it('steps through the spans and stops at the ends', () => {
    const timeline = new Timeline();
    for (let step = 0; step < 10; step += 1) timeline.step(1);
    expect(timeline.minutes).toBe(spans.at(-1));
    for (let step = 0; step < 10; step += 1) timeline.step(-1);
    expect(timeline.minutes).toBe(spans[0]);
  });
});
