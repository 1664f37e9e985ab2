/** The sentence above a profile: which function holds the most, and how much of all that is. */
import { formatBytes, formatCount, formatDuration } from '#shared/units.ts';
import type { Profile, SampleType } from './profile.ts';
import { top, type SampleFilter, type Top } from './top.ts';

export interface Callout {
  /** As the profile has it, and short, for the sentence. */
  readonly name: string;
  readonly shortName: string;
  /** Of the whole, from 0 to 1; what has become less in a difference is below 0. */
  readonly share: number;
  readonly value: number;
  /** `(*S3).parallelGet.func1 holds 86 % of inuse_space, 4.3 GiB`; of a difference, `… has 4.3 GiB less of inuse_space`. */
  readonly sentence: string;
}

/** `undefined` for a profile that has nothing of this type. */
export function callout(profile: Profile, type: number, filter?: SampleFilter): Callout | undefined {
  const sampleType = profile.sampleTypes[type];
  return sampleType && calloutOf(top(profile, type, filter), sampleType);
}

/** The same of what has been counted already. Time in which nothing ran is nobody's. */
export function calloutOf({ rows, total, whole }: Top, sampleType: SampleType): Callout | undefined {
  const idle = rows.find(({ name }) => name === '(idle)')?.flat ?? 0;
  const first = rows.find(({ name, flat }) => name !== '(idle)' && flat !== 0);
  if (!first) return undefined;
  const busy = whole - Math.abs(idle);
  const share = first.flat / (busy > 0 ? busy : whole);
  const shortName = shortNameOf(first.name);
  const { type, unit } = sampleType;
  const amount = formatValue(Math.abs(first.flat), unit);
  const isDifference = total !== whole;
  const sentence = isDifference
    ? `${shortName} has ${amount} ${first.flat < 0 ? 'less' : 'more'} of ${type}`
    : `${shortName} ${verbOf(sampleType)} ${formatShare(share)} of ${type}${idle === 0 ? '' : ' without idle'}, ${amount}`;
  return { name: first.name, shortName, share, value: first.flat, sentence };
}

/** `86 %`; `< 1 %` for what is there at all. */
export function formatShare(share: number): string {
  const percent = Math.round(Math.abs(share) * 100);
  if (percent === 0 && share !== 0) return '< 1 %';
  return `${share < 0 ? '-' : ''}${percent} %`;
}

const millisecondsOf: Readonly<Record<string, number>> = {
  nanoseconds: 1e-6,
  microseconds: 1e-3,
  milliseconds: 1,
  seconds: 1000,
};

/** A value in the unit of its sample type, as people read it: bytes, times, or a count. */
export function formatValue(value: number, unit: string): string {
  if (unit === 'bytes') return formatBytes(value);
  const milliseconds = millisecondsOf[unit];
  if (milliseconds === undefined) return formatCount(value);
  return `${value < 0 ? '-' : ''}${formatDuration(Math.abs(value) * milliseconds)}`;
}

/** Without the path of a Go package, and for a method without the package: what is between is known from the rest. */
export function shortNameOf(name: string): string {
  const base = /^[\w.~-]+(?:\/[\w.~-]+)+\.\S+$/.test(name.replace(/\(.*$/s, '()'))
    ? name.slice(name.replace(/\(.*$/s, '').lastIndexOf('/') + 1)
    : name;
  return base.replace(/^[\w.~-]+\.(?=\(\*)/, '');
}

function verbOf({ type, unit }: SampleType): string {
  if (type.startsWith('inuse')) return 'holds';
  if (type.startsWith('alloc')) return 'allocated';
  return unit in millisecondsOf || type === 'samples' ? 'took' : 'has';
}
