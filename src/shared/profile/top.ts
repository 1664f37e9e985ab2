/**
 * Who holds how much: for each function what it holds itself (flat) and with all that it calls (cum), counted as
 * `go tool pprof -top` counts. A function that is in a stack more than once counts once for cum.
 */
import { sampleCount, type Profile } from './profile.ts';
import { Sum } from './whole.ts';

export interface TopRow {
  readonly name: string;
  readonly file: string;
  readonly flat: number;
  readonly cum: number;
}

export interface Top {
  /** The sum of all samples. */
  readonly total: number;
  /** What shares are of: the total, but for a difference of two profiles (whole.ts). */
  readonly whole: number;
  /** By flat, then cum, the largest first, whatever its sign. */
  readonly rows: readonly TopRow[];
}

/** Which samples count; all, unless given. */
export type SampleFilter = (sample: number) => boolean;

export function top(profile: Profile, type: number, filter?: SampleFilter): Top {
  const { functions, starts, frames, values, sampleTypes } = profile;
  const byName = mergeByName(profile);
  const flat = new Float64Array(byName.count);
  const cum = new Float64Array(byName.count);
  const seen = new Int32Array(byName.count).fill(-1);
  const sum = new Sum(profile);
  for (let sample = 0; sample < sampleCount(profile); sample += 1) {
    const value = values[sample * sampleTypes.length + type] ?? 0;
    if (value === 0 || filter?.(sample) === false) continue;
    sum.add(sample, value);
    const start = starts[sample] ?? 0;
    const end = starts[sample + 1] ?? 0;
    for (let at = start; at < end; at += 1) {
      const row = byName.rowOf[frames[at] ?? 0] ?? 0;
      if (at === start) flat[row] = (flat[row] ?? 0) + value;
      if (seen[row] === sample) continue;
      seen[row] = sample;
      cum[row] = (cum[row] ?? 0) + value;
    }
  }
  const rows = byName.firsts
    .map((first, row) => ({
      name: functions[first]?.name ?? '',
      file: functions[first]?.file ?? '',
      flat: flat[row] ?? 0,
      cum: cum[row] ?? 0,
    }))
    .filter((row) => row.flat !== 0 || row.cum !== 0)
    .toSorted(
      (a, b) =>
        Math.abs(b.flat) - Math.abs(a.flat) ||
        Math.abs(b.cum) - Math.abs(a.cum) ||
        (a.name < b.name ? -1 : 1),
    );
  return { total: sum.total, whole: sum.whole, rows };
}

export interface Merged {
  /** Rows, and for each function its row. */
  readonly count: number;
  readonly rowOf: Uint32Array;
  /** For each row the first function of that name. */
  readonly firsts: readonly number[];
}

/** Functions of one name are one, wherever they are: what pprof calls granularity "functions". */
export function mergeByName({ functions }: Pick<Profile, 'functions'>): Merged {
  const rows = new Map<string, number>();
  const firsts: number[] = [];
  const rowOf = new Uint32Array(functions.length);
  for (const [index, { name }] of functions.entries()) {
    let row = rows.get(name);
    if (row === undefined) {
      row = firsts.length;
      firsts.push(index);
      rows.set(name, row);
    }
    rowOf[index] = row;
  }
  return { count: firsts.length, rowOf, firsts };
}
