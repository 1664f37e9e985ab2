const firstDelayMs = 500;
const longestDelayMs = 10_000;

/**
 * How long to wait before the next attempt, in milliseconds: doubling up to ten seconds, with half of it random so
 * that many consoles do not return in step. `failures` counts attempts since the last that worked; `random` is in
 * [0, 1).
 */
export function backoffMs(failures: number, random: number): number {
  const ceiling = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.max(0, failures - 1));
  return Math.round(ceiling * (0.5 + random / 2));
}
