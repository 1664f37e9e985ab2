/** One function in the middle: who calls it and whom it calls, as `go tool pprof -peek` counts. */
import { sampleCount, type Profile } from './profile.ts';
import { mergeByName, type SampleFilter } from './top.ts';
import { Sum } from './whole.ts';

export interface SandwichRow {
  readonly name: string;
  readonly file: string;
  /** What goes through this call; a call that is in a stack more than once counts once. */
  readonly value: number;
}

export interface Sandwich {
  readonly name: string;
  readonly file: string;
  readonly flat: number;
  readonly cum: number;
  /** What shares are of (whole.ts). */
  readonly whole: number;
  /** The largest first. A function that calls itself is not its own caller. */
  readonly callers: readonly SandwichRow[];
  readonly callees: readonly SandwichRow[];
}

/** `undefined` when no function has this name. */
export function sandwich(
  profile: Profile,
  type: number,
  name: string,
  filter?: SampleFilter,
): Sandwich | undefined {
  const { functions, starts, frames, values, sampleTypes } = profile;
  const { rowOf, firsts, count } = mergeByName(profile);
  const wanted = firsts.findIndex((first) => functions[first]?.name === name);
  if (wanted < 0) return undefined;
  const callers = new RowSums(count);
  const callees = new RowSums(count);
  const sum = new Sum(profile);
  let [flat, cum] = [0, 0];
  for (let sample = 0; sample < sampleCount(profile); sample += 1) {
    const value = values[sample * sampleTypes.length + type] ?? 0;
    if (value === 0 || filter?.(sample) === false) continue;
    sum.add(sample, value);
    const start = starts[sample] ?? 0;
    const end = starts[sample + 1] ?? 0;
    let isIn = false;
    for (let at = start; at < end; at += 1) {
      if (rowOf[frames[at] ?? 0] !== wanted) continue;
      isIn = true;
      if (at === start) flat += value;
      else callees.add(sample, rowOf[frames[at - 1] ?? 0] ?? 0, value);
      if (at + 1 < end) callers.add(sample, rowOf[frames[at + 1] ?? 0] ?? 0, value);
    }
    if (isIn) cum += value;
  }
  const rows = (sums: RowSums): readonly SandwichRow[] =>
    firsts
      .map((first, row) => ({
        name: functions[first]?.name ?? '',
        file: functions[first]?.file ?? '',
        value: row === wanted ? 0 : (sums.values[row] ?? 0),
      }))
      .filter(({ value }) => value !== 0)
      .toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value) || (a.name < b.name ? -1 : 1));
  const file = functions[firsts[wanted] ?? 0]?.file ?? '';
  return { name, file, flat, cum, whole: sum.whole, callers: rows(callers), callees: rows(callees) };
}

/** A sum for each row, to which a sample adds once. */
class RowSums {
  readonly values: Float64Array;
  readonly #last: Int32Array;

  constructor(rows: number) {
    this.values = new Float64Array(rows);
    this.#last = new Int32Array(rows).fill(-1);
  }

  add(sample: number, row: number, value: number): void {
    if (this.#last[row] === sample) return;
    this.#last[row] = sample;
    this.values[row] = (this.values[row] ?? 0) + value;
  }
}
