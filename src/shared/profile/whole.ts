/** What shares of a profile are of, as `go tool pprof` reckons them. */
import { isBaseLabels } from './labels.ts';
import type { Profile } from './profile.ts';

/**
 * Sums the samples up. A difference of two profiles has values below 0, so that its sum may be nothing at all: shares
 * are then of all that is in it, whatever its sign, and of the base alone where samples are marked as the base's
 * (`go tool pprof -proto -diff_base`).
 */
export class Sum {
  /** Of all samples. */
  total = 0;
  #size = 0;
  #baseSize = 0;
  readonly #labels: Profile['labels'];

  constructor({ labels }: Pick<Profile, 'labels'>) {
    this.#labels = labels;
  }

  add(sample: number, value: number): void {
    this.total += value;
    this.#size += Math.abs(value);
    if (isBaseLabels(this.#labels?.[sample])) this.#baseSize += Math.abs(value);
  }

  /** What shares are of: the total, where nothing is below 0. */
  get whole(): number {
    return this.#baseSize > 0 ? this.#baseSize : this.#size;
  }
}

/** Whether any value of the type is below 0: it is a difference of two profiles. */
export function isDifference({ values, sampleTypes }: Profile, type: number): boolean {
  for (let at = type; at < values.length; at += sampleTypes.length) if ((values[at] ?? 0) < 0) return true;
  return false;
}
