/**
 * What 100 % is. The sum, for all that profilers take; for a difference, whose values may be below zero, what
 * `go tool pprof` takes for it.
 */
import { sampleCount, type Profile } from './profile.ts';
import type { SampleFilter } from './top.ts';

/**
 * The sizes of all samples together, whichever sign they have. Where samples say that they are what something else is
 * compared with (as `go tool pprof -proto -diff_base` writes them), theirs alone.
 */
export function wholeOf(profile: Profile, type: number, filter?: SampleFilter): number {
  const { values, sampleTypes, labels } = profile;
  let [all, base] = [0, 0];
  for (let sample = 0; sample < sampleCount(profile); sample += 1) {
    const size = Math.abs(values[sample * sampleTypes.length + type] ?? 0);
    if (size === 0 || filter?.(sample) === false) continue;
    all += size;
    if (labels?.[sample]?.get('pprof::base') === 'true') base += size;
  }
  return base > 0 ? base : all;
}

/** Whether something is below zero. */
export function isDifference({ values, sampleTypes }: Profile, type: number): boolean {
  for (let at = type; at < values.length; at += sampleTypes.length) if ((values[at] ?? 0) < 0) return true;
  return false;
}
