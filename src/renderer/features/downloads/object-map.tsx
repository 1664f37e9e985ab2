import { type KeyboardEvent, type PointerEvent, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { DownloadDetail } from '#shared/download-model.ts';
import { type CellState, cellAt, cellStates } from '#shared/vocabulary/downloads.ts';
import { formatCount } from '#shared/units.ts';
import { useLive } from '../../state/live-context.ts';
import type { Piece } from '../../state/pieces.ts';
import { Canvas } from '../../ui/canvas.tsx';
import type { Paint, Surface } from '../../ui/paint-loop.ts';
import { palette } from '../../ui/palette.ts';
import { cellAfterKey, cellAtPoint, cellPlace, mapLayout, type MapLayout } from './map-layout.ts';
import { MapLegend } from './map-legend.tsx';
import { paintMapCell } from './map-painter.ts';
import { MapTable } from './map-table.tsx';
import { spanWords } from './words.ts';
import section from '../../ui/section.module.css';
import styles from './object-map.module.css';

interface ObjectMapProps {
  readonly detail: DownloadDetail;
  readonly pieces: readonly Piece[];
  readonly chunk: number | undefined;
  readonly onChoose: (chunk: number) => void;
  readonly isTable: boolean;
}

/** Higher than this the map would push the pieces out of sight. */
const mostHeight = 132;
/** Around the cells: for the ring of the cursor. */
const framePadding = 2;

/** The whole object, a cell for each chunk, bytes from left to right: what has come, what is coming, and what has gone. */
export function ObjectMap({ detail, pieces, chunk, onChoose, isTable }: ObjectMapProps) {
  const [hovered, setHovered] = useState<number>();
  const counts = useMemo(() => countCells(detail.cells), [detail.cells]);
  const pointed = hovered ?? (chunk === undefined ? undefined : Math.floor(chunk / detail.chunksPerCell));
  return (
    <section className={styles['map']} aria-labelledby="map-title">
      <header className={section['head']}>
        <h3 id="map-title">Object</h3>
        <span className={section['summary']}>{mapSummary(detail)}</span>
        <span className={styles['readout']} data-testid="map-readout">
          {pointed !== undefined && pointed < detail.cells.length && cellWords(detail, pointed)}
        </span>
      </header>
      {isTable ? (
        <MapTable detail={detail} />
      ) : (
        <Cells
          detail={detail}
          pieces={pieces}
          cursor={chunk === undefined ? undefined : Math.floor(chunk / detail.chunksPerCell)}
          onHover={setHovered}
          onChoose={(cell) => onChoose(cell * detail.chunksPerCell)}
        />
      )}
      <MapLegend counts={counts} />
    </section>
  );
}

function countCells(cells: string): ReadonlyMap<CellState, number> {
  const counts = new Map<CellState, number>(cellStates.map((state) => [state, 0]));
  for (let index = 0; index < cells.length; index += 1) {
    const state = cellAt(cells, index);
    counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  return counts;
}

/** `512 chunks of 4 MiB`; in a very large object a cell stands for several. */
function mapSummary({ download, chunkBytes, chunksPerCell }: DownloadDetail): string {
  const chunks = Math.max(1, Math.ceil(download.objectBytes / chunkBytes));
  const each = chunksPerCell > 1 ? `, ${formatCount(chunksPerCell)} in each cell` : '';
  return `${formatCount(chunks)} ${chunks === 1 ? 'chunk' : 'chunks'}${each}`;
}

/** `chunk 12 · 12 MiB – 13 MiB · held`. */
function cellWords({ cells, chunksPerCell, chunkBytes, download }: DownloadDetail, cell: number): string {
  const first = cell * chunksPerCell;
  const start = first * chunkBytes;
  const end = Math.min(download.objectBytes, start + chunksPerCell * chunkBytes);
  const name =
    chunksPerCell === 1
      ? `chunk ${formatCount(first)}`
      : `chunks ${formatCount(first)}–${formatCount(first + chunksPerCell - 1)}`;
  return `${name} · ${spanWords(start, end)} · ${cellAt(cells, cell)}`;
}

interface CellsProps {
  readonly detail: DownloadDetail;
  readonly pieces: readonly Piece[];
  readonly cursor: number | undefined;
  readonly onHover: (cell: number | undefined) => void;
  readonly onChoose: (cell: number) => void;
}

function Cells({ detail, pieces, cursor, onHover, onChoose }: CellsProps) {
  const { loop } = useLive();
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const count = detail.cells.length;
  const layout = useMemo(() => mapLayout(count, width - 2 * framePadding, mostHeight), [count, width]);
  const shown = useRef({ detail, pieces, cursor, layout });
  const paint = useMemo<Paint>(() => (surface) => paintMap(surface, shown.current), []);
  useLayoutEffect(() => {
    shown.current = { detail, pieces, cursor, layout };
    loop.request();
  }, [loop, detail, pieces, cursor, layout]);
  const cellUnder = (event: PointerEvent | React.MouseEvent): number | undefined => {
    const box = event.currentTarget.getBoundingClientRect();
    return cellAtPoint(
      layout,
      count,
      event.clientX - box.left - framePadding,
      event.clientY - box.top - framePadding,
    );
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const to = cellAfterKey(layout, count, cursor ?? -1, event.key);
    if (to === undefined) return;
    event.preventDefault();
    onChoose(to);
  };
  return (
    <div
      ref={frame}
      className={styles['cells']}
      style={{ height: layout.height + 2 * framePadding }}
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a slider in two dimensions, drawn by the canvas within
      role="slider"
      tabIndex={0}
      aria-label="Chunk of the object"
      aria-valuemin={0}
      aria-valuemax={count - 1}
      aria-valuenow={cursor ?? 0}
      aria-valuetext={cursor === undefined ? 'none chosen' : cellWords(detail, cursor)}
      data-testid="object-map"
      onKeyDown={onKeyDown}
      onPointerMove={(event) => onHover(cellUnder(event))}
      onPointerLeave={() => onHover(undefined)}
      onClick={(event) => {
        const cell = cellUnder(event);
        if (cell !== undefined) onChoose(cell);
      }}
    >
      <Canvas paint={paint} label={mapLabel(detail)} className={styles['canvas']} />
    </div>
  );
}

/** What the picture shows, in a sentence. */
function mapLabel(detail: DownloadDetail): string {
  const counts = countCells(detail.cells);
  const told = cellStates.filter((state) => (counts.get(state) ?? 0) > 0);
  const parts = told.map((state) => `${formatCount(counts.get(state) ?? 0)} ${state}`);
  return `Map of ${detail.download.object}: ${parts.join(', ')}`;
}

interface Shown {
  readonly detail: DownloadDetail;
  readonly pieces: readonly Piece[];
  readonly cursor: number | undefined;
  readonly layout: MapLayout;
}

function paintMap({ context, width, height, ratio }: Surface, shown: Shown): void {
  const { detail, pieces, cursor, layout } = shown;
  const colors = palette();
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, width, height);
  context.setTransform(ratio, 0, 0, ratio, framePadding * ratio, framePadding * ratio);
  // The newest piece of each chunk: how much of it has come.
  const newest = new Map<number, Piece>();
  for (const piece of pieces) newest.set(Math.floor(piece.index / detail.chunksPerCell), piece);
  for (let index = 0; index < detail.cells.length; index += 1) {
    const piece = newest.get(index);
    const share = piece ? piece.receivedBytes / Math.max(1, piece.end - piece.start) : 0;
    const fill = { share, attempt: piece?.attempts ?? 1 };
    const box = { context, colors, ...cellPlace(layout, index), ...layout.cell };
    paintMapCell(box, cellAt(detail.cells, index), fill);
  }
  if (cursor === undefined || cursor >= detail.cells.length) return;
  const { x, y } = cellPlace(layout, cursor);
  context.strokeStyle = colors.text;
  context.lineWidth = 2;
  context.strokeRect(x - 1, y - 1, layout.cell.width + 2, layout.cell.height + 2);
}

/** The width of an element's content, as it changes. */
function useWidth(element: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(800);
  useLayoutEffect(() => {
    const observed = element.current;
    if (!observed) return undefined;
    const observer = new ResizeObserver(([entry]) => entry && setWidth(entry.contentRect.width));
    observer.observe(observed);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
