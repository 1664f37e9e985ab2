/** What the field suggests: the language's completions, with values that occur and how many requests have them. */
import { type Completion, completions } from '#shared/filter/complete.ts';
import { parseFilter } from '#shared/filter/filter.ts';
import { type RequestStore, RowCursor } from '../../../state/request-store.ts';

/** Rows that are looked at, the newest: so that a key press never waits. */
export const countedRows = 2000;

/** Values that are listed for one key. */
const maxValues = 12;

const texts = { object: 'target', client: 'client', method: 'method' } as const;

export function suggest(store: RequestStore, text: string, caret: number): readonly Completion[] {
  return completions(text, caret, (key) => valuesOf(store, key));
}

/** The values that occur for a key, the most frequent first. */
function valuesOf(store: RequestStore, key: string): readonly string[] {
  const column = Object.entries(texts).find(([name]) => name === key)?.[1];
  if (column === undefined) return [];
  const counts = new Map<string, number>();
  for (let number = oldestCounted(store); number < store.next; number += 1) {
    const value = store.text(column, number);
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const sorted = [...counts].toSorted(([, one], [, other]) => other - one);
  return sorted.slice(0, maxValues).map(([value]) => value);
}

/** How many of the newest rows each completion's term matches; absent where it is no whole term. */
export function countsOf(
  store: RequestStore,
  list: readonly Completion[],
  now: number,
): readonly (number | undefined)[] {
  const cursor = new RowCursor(store);
  return list.map(({ term }) => {
    const parsed = term === undefined ? undefined : parseFilter(term);
    if (parsed?.kind !== 'filter') return undefined;
    let count = 0;
    for (cursor.number = oldestCounted(store); cursor.number < store.next; cursor.number += 1) {
      if (parsed.filter.matches(cursor, now)) count += 1;
    }
    return count;
  });
}

function oldestCounted(store: RequestStore): number {
  return Math.max(store.first, store.next - countedRows);
}
