/**
 * Whether what the process holds and nobody accounts for grows: more than a fifth above its baseline for a whole
 * minute. The baseline is the mean of all that is kept from before that minute.
 */
import { type ColumnClock, columnKinds, columnMs } from './columns.ts';
import { type MemoryHistory, unaccountedBytes } from './memory-history.ts';

const minute = 60_000 / columnMs;
const growth = 1.2;
/** Smaller rises are the allocator's. */
const noiseBytes = 16 * 2 ** 20;
/** Looked at every so many columns: the figures come twice a second. */
const stride = 5;

export interface Growth {
  readonly baselineBytes: number;
  /** The least of the last minute. */
  readonly nowBytes: number;
}

/** `undefined` when it does not grow, or when too little is known: two minutes are needed. */
export function unaccountedGrowth(clock: ColumnClock, memory: MemoryHistory): Growth | undefined {
  const { latest, first } = clock;
  if (latest - first < 2 * minute) return undefined;
  const values = (from: number, to: number): readonly number[] => {
    const found: number[] = [];
    for (let column = from; column <= to; column += stride) {
      const kind = clock.kind(column);
      if (kind === columnKinds.gap || kind === columnKinds.empty) continue;
      const bytes = unaccountedBytes(memory.figuresAt(column));
      if (!Number.isNaN(bytes)) found.push(bytes);
    }
    return found;
  };
  const before = values(first, latest - minute);
  const since = values(latest - minute + 1, latest);
  if (before.length < minute / stride / 2 || since.length < minute / stride / 2) return undefined;
  const baselineBytes = before.reduce((sum, bytes) => sum + bytes, 0) / before.length;
  const nowBytes = Math.min(...since);
  const limit = baselineBytes + Math.max(noiseBytes, Math.abs(baselineBytes) * (growth - 1));
  return nowBytes > limit ? { baselineBytes, nowBytes } : undefined;
}
