/** Values, shares and files in words. */
import { formatValue } from '#shared/profile/callout.ts';
import type { FileFormat, SampleType } from '#shared/profile/profile.ts';
import { formatBytes, formatCount, formatDateTime, formatDuration, formatExactShare } from '#shared/units.ts';
import type { ProfileInfo, WantedLabels } from '../../state/profile-questions.ts';

/** `86.09 %`: two digits, as `go tool pprof` has them, so that the two can be held against each other. */
export function percentWords(part: number, whole: number): string {
  return whole === 0 ? '–' : formatExactShare(part / whole);
}

/** `67,108,864 bytes`: every digit, for whoever wants to compare. */
export function exactWords(value: number, unit: string): string {
  return `${formatCount(value)} ${unit === 'count' ? '' : unit}`.trim();
}

/** `+12 MiB`, `−3`, `0`: how much more or less. */
export function changeWords(value: number, unit: string): string {
  if (value === 0) return '0';
  return `${value > 0 ? '+' : '−'}${formatValue(Math.abs(value), unit)}`;
}

/** `+1.20 %`: the same of shares. */
export function changeShareWords(share: number): string {
  const size = formatExactShare(Math.abs(share));
  if (size === formatExactShare(0)) return '0 %';
  return `${share > 0 ? '+' : '−'}${size}`;
}

const formatWords: Readonly<Record<FileFormat, string>> = {
  pprof: 'pprof',
  folded: 'folded stacks',
  heapprofile: '.heapprofile of V8',
  cpuprofile: '.cpuprofile of V8',
  heapsnapshot: '.heapsnapshot of V8',
};

/** Addresses are functions only to whoever has the program. */
const unnamedWords = 'some functions have no names: go tool pprof -proto PROGRAM FILE gives them theirs';

/** What a profile is, in a line. */
export function factsOf(info: ProfileInfo): readonly string[] {
  const { format, samples, functions, facts, snapshot, fileBytes } = info;
  const { at, durationMs, period, hasUnnamed = false } = facts;
  return [
    formatWords[format],
    ...(snapshot
      ? [
          `${formatCount(snapshot.objects)} objects, ${formatBytes(snapshot.totalBytes)}`,
          `${formatCount(snapshot.references)} references`,
        ]
      : [
          `${formatCount(samples)} ${samples === 1 ? 'stack' : 'stacks'} of ${formatCount(functions)} ${functions === 1 ? 'function' : 'functions'}`,
        ]),
    ...(at === undefined ? [] : [`taken ${formatDateTime(at)}`]),
    ...(durationMs === undefined || durationMs === 0 ? [] : [`over ${formatDuration(durationMs)}`]),
    ...(period === undefined || period.value <= 0
      ? []
      : [
          `a sample each ${formatValue(period.value, period.unit)}${period.unit === 'bytes' ? ' allocated' : ''}`,
        ]),
    `file of ${formatBytes(fileBytes)}`,
    ...(hasUnnamed ? [unnamedWords] : []),
  ];
}

/** What is looked at, for a sample type that the profile may not have. */
export function typeOf(info: ProfileInfo, wanted: string | undefined): SampleType | undefined {
  return info.sampleTypes.find(({ type }) => type === wanted) ?? info.sampleTypes[info.defaultType];
}

/** A value of a label: those of `bytes` are the sizes that were allocated. */
export function labelValueWords(key: string, value: string): string {
  if (value === '') return '(empty)';
  const bytes = /^(\d{1,15})( bytes)?$/.exec(value);
  return bytes && (key === 'bytes' || bytes[2] !== undefined) ? formatBytes(Number(bytes[1])) : value;
}

/** `client = 10.1.4.7 and tier = store`. */
export function labelWords(labels: WantedLabels): string {
  return labels.map(([key, value]) => `${key} = ${labelValueWords(key, value)}`).join(' and ');
}
