/** Which part of a filter removes everything: for each term, the rows that fail it and nothing else. */
import type { Filter, Term } from '#shared/filter/filter.ts';
import { type RequestStore, RowCursor } from '../../../state/request-store.ts';

/** Rows that are looked at, the newest: more would take a noticeable while. */
export const blamedRows = 20_000;

export interface Blame {
  readonly term: Term;
  /** Rows that match when this term is dropped. */
  readonly without: number;
}

/** The term whose dropping shows the most, if dropping one alone shows any. */
export function blame(store: RequestStore, { terms }: Filter, now: number): Blame | undefined {
  const alone = terms.map(() => 0);
  const cursor = new RowCursor(store);
  for (let number = Math.max(store.first, store.next - blamedRows); number < store.next; number += 1) {
    cursor.number = number;
    const failed = onlyFailure(terms, cursor, now);
    if (failed !== undefined) alone[failed] = (alone[failed] ?? 0) + 1;
  }
  const most = Math.max(0, ...alone);
  const term = terms[alone.indexOf(most)];
  return most > 0 && term ? { term, without: most } : undefined;
}

/** The index of the one term that a row fails; `undefined` when it fails none or several. */
function onlyFailure(terms: readonly Term[], row: RowCursor, now: number): number | undefined {
  let failed: number | undefined;
  for (let index = 0; index < terms.length; index += 1) {
    if (terms[index]?.matches(row, now) === true) continue;
    if (failed !== undefined) return undefined;
    failed = index;
  }
  return failed;
}
