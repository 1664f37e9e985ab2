/** What samples were labelled with: which values there are, how much each has, and filters by them. */
import { type Labels, sampleCount, type Profile } from './profile.ts';
import type { SampleFilter } from './top.ts';

interface LabelValue {
  readonly value: string;
  /** The sum of the samples that have it. */
  readonly total: number;
}

export interface LabelKey {
  readonly key: string;
  /** The largest first. */
  readonly values: readonly LabelValue[];
}

/** All labels of a profile with what their samples sum up to, by key. */
export function labelsOf(profile: Profile, type: number): readonly LabelKey[] {
  const { labels, values, sampleTypes } = profile;
  const keys = new Map<string, Map<string, number>>();
  for (let sample = 0; sample < sampleCount(profile); sample += 1) {
    const total = values[sample * sampleTypes.length + type] ?? 0;
    for (const [key, value] of labels?.[sample] ?? []) {
      let known = keys.get(key);
      if (!known) keys.set(key, (known = new Map()));
      known.set(value, (known.get(value) ?? 0) + total);
    }
  }
  return [...keys]
    .map(([key, known]) => ({
      key,
      values: [...known]
        .map(([value, total]) => ({ value, total }))
        .toSorted((a, b) => b.total - a.total || (a.value < b.value ? -1 : 1)),
    }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

/** Samples of a difference that are those of its base carry this. */
const baseKey = 'pprof::base';

export function isBaseLabels(labels: Labels | undefined): boolean {
  return labels?.get(baseKey) === 'true';
}

/** Samples that have every one of these labels. Without any, all of them. */
export function withLabels({ labels }: Profile, wanted: ReadonlyMap<string, string>): SampleFilter {
  return (sample) => {
    for (const [key, value] of wanted) if (labels?.[sample]?.get(key) !== value) return false;
    return true;
  };
}
