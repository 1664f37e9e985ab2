/** Where flags stand in a chart of time, and what they say at an instant. */
import { pixelOf, type TimeWindow } from '../../state/axis.ts';
import { columnMs } from '../../state/columns.ts';
import type { Flag, Flags } from '../../state/flags.ts';

export interface PlacedFlag {
  /** The pixel, from the left. */
  readonly x: number;
  /** An alert is shown before a mark where both are. */
  readonly kind: Flag['kind'];
  readonly isFiring: boolean;
  /** Flags at this place. */
  readonly count: number;
}

export interface FlagSpace {
  readonly timeWindow: TimeWindow;
  readonly width: number;
  /** Flags that are closer than this, in pixels, are one. */
  readonly apart: number;
}

/** From left to right. */
export function placeFlags(
  flags: readonly Flag[],
  { timeWindow, width, apart }: FlagSpace,
): readonly PlacedFlag[] {
  const { right, span } = timeWindow;
  const last = pixelOf(right, span, width);
  const placed: PlacedFlag[] = [];
  for (const { at, kind, isFiring } of flags) {
    const column = Math.floor(at / columnMs);
    if (column > right || column <= right - span) continue;
    const x = Math.max(0, width - 1 - (last - pixelOf(column, span, width)));
    const before = placed.at(-1);
    if (!before || x - before.x >= apart) {
      placed.push({ x, kind, isFiring, count: 1 });
      continue;
    }
    placed[placed.length - 1] = {
      x: before.x,
      kind: before.kind === 'alert' ? 'alert' : kind,
      isFiring: before.isFiring || isFiring,
      count: before.count + 1,
    };
  }
  return placed;
}

/** Flags in words, each with its sign. */
export function flagWords(flags: readonly Flag[]): readonly string[] {
  return [
    ...new Set(
      flags.map(
        ({ kind, isFiring, text }) => `${kind === 'alert' ? '▲' : '⚑'} ${text}${isFiring ? ', still' : ''}`,
      ),
    ),
  ];
}

/** Those that a pointer at `column` is at: a window of `span` columns has a pixel for many of them. */
export function flagsNear(flags: Flags, column: number, span: number): readonly Flag[] {
  const reach = Math.max(2, span / 200);
  return flags.between((column - reach) * columnMs, (column + reach + 1) * columnMs);
}
