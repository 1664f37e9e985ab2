/** Figures of several rounds: variants take turns, so that whatever else the machine does meets each of them. */

/** The middle one. NaN for none. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** The value that `share` of the others lie below: with 1 % outliers, `share` 0.99 is the least of them. */
export function percentile(values: readonly number[], share: number): number {
  const index = Math.min(values.length - 1, Math.floor(values.length * share));
  return values.toSorted((a, b) => a - b)[index] ?? Number.NaN;
}

/** `, spread 34 %` (highest less lowest, of the median) when that is more than a fifth; else nothing. */
export function spreadNote(values: readonly number[]): string {
  const spread = (Math.max(...values) - Math.min(...values)) / median(values);
  return spread > 0.2 ? `, spread ${Math.round(spread * 100)} %` : '';
}

/** Runs every variant once a round, each round beginning with another one; a figure a round for each. */
export async function takeTurns<Name extends string, Figure>(
  rounds: number,
  variants: Readonly<Record<Name, (round: number) => Promise<Figure>>>,
): Promise<Record<Name, Figure[]>> {
  const names = Object.keys(variants) as Name[];
  const figures = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, Figure[]>;
  for (let round = 0; round < rounds; round += 1) {
    const first = round % names.length;
    for (const name of [...names.slice(first), ...names.slice(0, first)])
      figures[name].push(await variants[name](round));
  }
  return figures;
}
