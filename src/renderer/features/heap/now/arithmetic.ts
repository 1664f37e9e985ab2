/** The arithmetic of the process: RSS = ledger + V8 + other external + unaccounted. */
import type { Memory } from '#shared/model.ts';

/** Bytes; `undefined` is what the runtime does not report, and what cannot be said without it. */
export interface Arithmetic {
  readonly rss: number | undefined;
  readonly ledger: number;
  readonly heap: number | undefined;
  readonly external: number | undefined;
  /** Below zero while slabs of the ledger have not been touched, or V8's heap is partly swapped out. */
  readonly unaccounted: number | undefined;
}

/** `ledgerBytes`: the ledger's total of the same instant. */
export function arithmeticOf(
  memory: Pick<Memory, 'rssBytes' | 'heapUsedBytes' | 'externalBytes'> | undefined,
  ledgerBytes: number,
): Arithmetic {
  const { rssBytes: rss, heapUsedBytes: heap, externalBytes: external } = memory ?? {};
  const isWhole = rss !== undefined && heap !== undefined && external !== undefined;
  return {
    rss,
    ledger: ledgerBytes,
    heap,
    external,
    unaccounted: isWhole ? rss - ledgerBytes - heap - external : undefined,
  };
}

/** A part of the drawn sum: where it begins and how wide it is, from 0 to 1. */
interface DrawnTerm {
  readonly name: 'ledger' | 'heap' | 'external' | 'unaccounted';
  readonly start: number;
  readonly share: number;
}

export interface DrawnSum {
  readonly terms: readonly DrawnTerm[];
  /** Where RSS ends; `undefined` when it is not reported. */
  readonly rssAt: number | undefined;
  /** Bytes of the whole width. */
  readonly scaleBytes: number;
}

/** The terms side by side, and where RSS ends among them: before the end when some of it is not in memory. */
export function drawnSum({ rss, ledger, heap, external, unaccounted }: Arithmetic): DrawnSum {
  const parts = [
    { name: 'ledger', bytes: ledger },
    { name: 'heap', bytes: heap ?? 0 },
    { name: 'external', bytes: external ?? 0 },
    { name: 'unaccounted', bytes: Math.max(0, unaccounted ?? 0) },
  ] as const;
  const sum = parts.reduce((total, { bytes }) => total + bytes, 0);
  const scaleBytes = Math.max(1, sum, rss ?? 0);
  let start = 0;
  const terms = parts.map(({ name, bytes }): DrawnTerm => {
    const term = { name, start, share: bytes / scaleBytes };
    start += term.share;
    return term;
  });
  return { terms, rssAt: rss === undefined ? undefined : rss / scaleBytes, scaleBytes };
}
