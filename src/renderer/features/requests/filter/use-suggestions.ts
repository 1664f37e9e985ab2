import { useEffect, useMemo, useState } from 'react';
import type { Completion } from '#shared/filter/complete.ts';
import { useLive } from '../../../state/live-context.ts';
import { countsOf, suggest } from './suggestions.ts';

/** A list stands before it is counted; while it stands it is counted again each second. */
const firstCountMs = 60;
const countIntervalMs = 1000;

export interface Suggestions {
  readonly list: readonly Completion[];
  /** How many of the newest requests each matches; empty until they are counted. */
  readonly counts: readonly (number | undefined)[];
}

export function useSuggestions(text: string, caret: number, isOpen: boolean): Suggestions {
  const { requests, now } = useLive().store;
  const list = useMemo(
    () => (isOpen ? suggest(requests, text, Math.min(caret, text.length)) : []),
    [requests, text, caret, isOpen],
  );
  const [counted, setCounted] = useState<Suggestions>({ list, counts: [] });
  useEffect(() => {
    if (list.length === 0) return undefined;
    const count = (): void => setCounted({ list, counts: countsOf(requests, list, now()) });
    const first = setTimeout(count, firstCountMs);
    const again = setInterval(count, countIntervalMs);
    return () => {
      clearTimeout(first);
      clearInterval(again);
    };
  }, [requests, now, list]);
  return counted.list === list ? counted : { list, counts: [] };
}
