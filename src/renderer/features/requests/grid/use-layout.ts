import { useState } from 'react';
import {
  type ColumnLayout,
  defaultLayout,
  parseLayout,
  shownColumns,
  widthOf,
} from '../../../state/column-layout.ts';
import { type Column, columnsFor, type GridPlace } from './columns.tsx';

export interface GridLayout {
  readonly layout: ColumnLayout;
  /** All there are, by themselves. */
  readonly columns: readonly Column[];
  /** Those that are shown, in order. */
  readonly shown: readonly Column[];
  /** For `grid-template-columns`. */
  readonly template: string;
  readonly change: (layout: ColumnLayout) => void;
  readonly reset: () => void;
}

/** The columns of the table at `place`, as somebody left them. */
export function useLayout(place: GridPlace): GridLayout {
  const [columns] = useState(() => columnsFor(place));
  const [layout, setLayout] = useState(() => parseLayout(stored(place), columns));
  const shown = shownColumns(layout).flatMap((id) => columns.filter((column) => column.id === id));
  const change = (next: ColumnLayout): void => {
    setLayout(next);
    store(place, next);
  };
  return {
    layout,
    columns,
    shown,
    template: shown.map((column) => track(column, widthOf(layout, column))).join(' '),
    change,
    reset: () => change(defaultLayout(columns)),
  };
}

/** What is flexible takes the room that is left. */
function track({ kind }: Column, width: number): string {
  return kind === 'flexible' ? `minmax(${width}px, 1fr)` : `${width}px`;
}

const key = (place: GridPlace): string => `sluice.columns.${place}`;

function stored(place: GridPlace): string | null {
  try {
    return localStorage.getItem(key(place));
  } catch {
    return null;
  }
}

function store(place: GridPlace, layout: ColumnLayout): void {
  try {
    localStorage.setItem(key(place), JSON.stringify(layout));
  } catch (error) {
    console.info('The columns are not remembered:', error);
  }
}
