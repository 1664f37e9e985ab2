/** How fast a recording may be played. */
export const rates = [0.25, 0.5, 1, 2, 4, 8, 16] as const;
export type Rate = (typeof rates)[number];

/** One choice slower (-1) or faster (1). */
export function rateBeside(rate: Rate, direction: -1 | 1): Rate {
  return rates[rates.indexOf(rate) + direction] ?? rate;
}
