/** The heads of the columns: dragged to another place, their right edges dragged to another width, or both with keys. */
import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import {
  type ColumnLayout,
  moved,
  narrowest,
  nudged,
  resized,
  widest,
  widthOf,
} from '../../../state/column-layout.ts';
import table from '../../../ui/table.module.css';
import type { Column } from './columns.tsx';
import type { GridLayout } from './use-layout.ts';
import styles from './grid.module.css';

/** What one press of an arrow key changes a width by. */
const keyStep = 8;
/** A pointer that moves less than this has pressed, not dragged. */
const dragThreshold = 4;

export function Head({ grid }: { readonly grid: GridLayout }) {
  const [target, setTarget] = useState<string>();
  const row = useRef<HTMLTableRowElement>(null);
  const over = (x: number): string | undefined =>
    [...(row.current?.cells ?? [])].find((cell) => {
      const { left, right } = cell.getBoundingClientRect();
      return x >= left && x < right;
    })?.dataset['column'];
  return (
    <thead>
      <tr ref={row} aria-rowindex={1} className={table['header']}>
        {grid.shown.map((column) => (
          <ColumnHead
            key={column.id}
            column={column}
            grid={grid}
            isTarget={target === column.id}
            onDrag={(x) => setTarget(over(x))}
            onDrop={(x) => {
              setTarget(undefined);
              grid.change(moved(grid.layout, column.id, over(x) ?? column.id));
            }}
          />
        ))}
      </tr>
    </thead>
  );
}

interface ColumnHeadProps {
  readonly column: Column;
  readonly grid: GridLayout;
  readonly isTarget: boolean;
  readonly onDrag: (x: number) => void;
  readonly onDrop: (x: number) => void;
}

function ColumnHead({ column, grid, isTarget, onDrag, onDrop }: ColumnHeadProps) {
  const { id, name, kind, hint } = column;
  const { layout, change } = grid;
  const start = useRef<number>(undefined);
  const isDragging = useRef(false);
  const onKeyDown = (event: KeyboardEvent): void => {
    const direction = directionOf(event);
    if (direction === 0 || !event.altKey) return;
    take(event);
    change(nudged(layout, id, direction));
  };
  return (
    <th scope="col" className={kind && styles[kind]} data-column={id} data-target={isTarget}>
      <button
        type="button"
        title={`${hint === undefined ? '' : `${hint}. `}Drag, or Alt with ← →, to move`}
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          start.current = event.clientX;
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={({ clientX }) => {
          if (start.current === undefined) return;
          isDragging.current ||= Math.abs(clientX - start.current) > dragThreshold;
          if (isDragging.current) onDrag(clientX);
        }}
        onPointerUp={({ clientX }) => {
          if (isDragging.current) onDrop(clientX);
          isDragging.current = false;
          start.current = undefined;
        }}
      >
        {name}
      </button>
      <Edge column={column} layout={layout} onChange={change} />
    </th>
  );
}

interface EdgeProps {
  readonly column: Column;
  readonly layout: ColumnLayout;
  readonly onChange: (layout: ColumnLayout) => void;
}

/** The right edge of a column, dragged or moved with arrow keys. A double click gives its own width back. */
function Edge({ column, layout, onChange }: EdgeProps) {
  const { id, name } = column;
  const drag = useRef<{ readonly x: number; readonly width: number }>(undefined);
  const width = widthOf(layout, column);
  const onPointerDown = (event: PointerEvent<HTMLHRElement>): void => {
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    const shown = event.currentTarget.parentElement?.clientWidth ?? width;
    drag.current = { x: event.clientX, width: shown };
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a separator that can be moved has keys
    <hr
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- as above
      tabIndex={0}
      className={styles['edge']}
      aria-label={`Width of ${name}`}
      aria-orientation="vertical"
      aria-valuemin={narrowest}
      aria-valuemax={widest}
      aria-valuenow={width}
      onPointerDown={onPointerDown}
      onPointerMove={({ clientX }) => {
        if (drag.current) onChange(resized(layout, id, drag.current.width + clientX - drag.current.x));
      }}
      onPointerUp={() => {
        drag.current = undefined;
      }}
      onDoubleClick={() => onChange(resized(layout, id, column.width))}
      onKeyDown={(event) => {
        const direction = directionOf(event);
        if (direction === 0) return;
        take(event);
        onChange(resized(layout, id, width + direction * keyStep));
      }}
    />
  );
}

function directionOf({ key }: KeyboardEvent): -1 | 0 | 1 {
  if (key === 'ArrowLeft') return -1;
  return key === 'ArrowRight' ? 1 : 0;
}

/** The key is used up: neither the grid nor the browser does anything more with it. */
function take(event: KeyboardEvent): void {
  event.preventDefault();
  event.stopPropagation();
}
