/** Which rows a table of requests shows: those that pass the filter, lie in the brushed time, and are not after a pause. */
import { useEffect, useMemo, useState } from 'react';
import { type Filter, type FilterError, parseFilter } from '#shared/filter/filter.ts';
import { allRows, type RowList } from '../../state/filtered-rows.ts';
import { theFootprint } from '../../state/footprint.ts';
import { useLive } from '../../state/live-context.ts';
import type { RequestStore } from '../../state/request-store.ts';
import { RowSearch } from '../../state/row-search.ts';
import { useSignal } from '../../state/signal.ts';

const nothing: Filter = { text: '', terms: [], matches: () => true };

export interface ShownRows {
  readonly list: RowList;
  /** What is shown passes this: the newest text without an error. */
  readonly filter: Filter;
  readonly errors: readonly FilterError[];
  /** Kept rows have still to be tested. */
  readonly isSearching: boolean;
  /** Only some of the kept rows may be shown. */
  readonly isNarrowed: boolean;
  readonly isPaused: boolean;
}

export function useRows(text: string): ShownRows {
  const { store, timeline } = useLive();
  const { requests, changed } = store;
  useSignal(timeline.settled);
  const { filter, errors } = useFilter(text);
  const { range, pausedAt } = timeline;
  const [from, to] = [range?.from, range?.to];
  const search = useMemo(() => {
    const stretch = from === undefined || to === undefined ? undefined : { from, to };
    if (filter.terms.length === 0 && !stretch) return undefined;
    return new RowSearch(store, (row, now) => filter.matches(row, now), stretch);
  }, [filter, from, to, store]);
  useEffect(() => search?.follow(), [search]);
  useEffect(() => search && theFootprint.add('found requests', () => search.rows.footprint), [search]);
  useSignal(search?.changed ?? changed.requests);
  const end = useMemo(() => endAt(requests, pausedAt), [requests, pausedAt]);
  const list = search ? upTo(search.rows, end) : allRows(requests, end);
  return {
    list,
    filter,
    errors,
    isSearching: search !== undefined && !search.rows.isDone,
    isNarrowed: search !== undefined,
    isPaused: pausedAt !== undefined,
  };
}

/** The filter of a text; while the text has errors, the one before. */
function useFilter(text: string): { readonly filter: Filter; readonly errors: readonly FilterError[] } {
  const parsed = useMemo(() => parseFilter(text), [text]);
  const [filter, setFilter] = useState(parsed.kind === 'filter' ? parsed.filter : nothing);
  if (parsed.kind === 'error') return { filter, errors: parsed.errors };
  if (filter.text !== parsed.filter.text) setFilter(parsed.filter);
  return { filter: filter.text === parsed.filter.text ? filter : parsed.filter, errors: [] };
}

/** The number after the last row that had ended at `at`; without `at`, no row is too new. */
function endAt(requests: RequestStore, at: number | undefined): number {
  if (at === undefined) return Number.POSITIVE_INFINITY;
  const { columns } = requests;
  let end = requests.next;
  for (; end > requests.first; end -= 1) {
    const slot = requests.slot(end - 1);
    if ((columns.at[slot] ?? 0) + (columns.durationMs[slot] ?? 0) <= at) break;
  }
  return end;
}

function upTo(list: RowList, end: number): RowList {
  if (end === Number.POSITIVE_INFINITY) return list;
  const { at, keyAt } = list;
  return { size: list.indexOf(end), at, keyAt, indexOf: (number) => list.indexOf(Math.min(number, end)) };
}
