/** Where each cell of the whole-object map lies: bytes to the right, rows wrap, as large as the height allows. */
export interface MapLayout {
  readonly cell: { readonly width: number; readonly height: number };
  readonly gap: number;
  readonly perRow: number;
  readonly rows: number;
  readonly height: number;
}

const sizes = [
  { width: 14, height: 20, gap: 2 },
  { width: 10, height: 14, gap: 2 },
  { width: 7, height: 10, gap: 1 },
  { width: 5, height: 7, gap: 1 },
  { width: 4, height: 5, gap: 1 },
  { width: 3, height: 4, gap: 0 },
  { width: 2, height: 3, gap: 0 },
] as const;
const smallest = sizes[6];

/** The layout of `cells` in `width` pixels that is at most `mostHeight` high, if any is. */
export function mapLayout(cells: number, width: number, mostHeight: number): MapLayout {
  const layouts = sizes.map((size) => layoutOf(cells, width, size));
  return layouts.find(({ height }) => height <= mostHeight) ?? layoutOf(cells, width, smallest);
}

function layoutOf(cells: number, width: number, size: (typeof sizes)[number]): MapLayout {
  const { gap, ...cell } = size;
  const perRow = Math.max(1, Math.floor((width + gap) / (cell.width + gap)));
  const rows = Math.max(1, Math.ceil(cells / perRow));
  return { cell, gap, perRow, rows, height: rows * (cell.height + gap) - gap };
}

/** The top left corner of a cell. */
export function cellPlace(
  { cell, gap, perRow }: MapLayout,
  index: number,
): { readonly x: number; readonly y: number } {
  return { x: (index % perRow) * (cell.width + gap), y: Math.floor(index / perRow) * (cell.height + gap) };
}

/** The cell at a point; `undefined` beside them. */
export function cellAtPoint(
  { cell, gap, perRow }: MapLayout,
  cells: number,
  x: number,
  y: number,
): number | undefined {
  const column = Math.floor(x / (cell.width + gap));
  const index = Math.floor(y / (cell.height + gap)) * perRow + column;
  return x < 0 || y < 0 || column >= perRow || index >= cells ? undefined : index;
}

/** Where the cursor goes with a key; `undefined`: nowhere. */
export function cellAfterKey(
  { perRow }: MapLayout,
  cells: number,
  from: number,
  key: string,
): number | undefined {
  const steps: Readonly<Record<string, number>> = {
    ArrowRight: 1,
    ArrowLeft: -1,
    ArrowDown: perRow,
    ArrowUp: -perRow,
    PageDown: 10 * perRow,
    PageUp: -10 * perRow,
    Home: -cells,
    End: cells,
  };
  const step = steps[key];
  if (step === undefined) return undefined;
  const isSideways = Math.abs(step) === 1 || Math.abs(step) === cells;
  const to = from + step;
  if (isSideways || (to >= 0 && to < cells)) return Math.min(cells - 1, Math.max(0, to));
  return from;
}
