/** Distributions as Prometheus text: the library only writes those that it has counted itself. */
import type { Metric } from '#shared/telemetry.ts';
import { durationBoundsSeconds, type HistogramReading } from './histogram.ts';

/** One distribution with its labels. */
export interface Distribution {
  readonly value: HistogramReading;
  readonly labels?: Readonly<Record<string, string>>;
}

/** The lines of one metric. Buckets are cumulative, the last one has everything. */
export function histogramText({ name, help }: Metric, distributions: readonly Distribution[]): string {
  const lines = [`# HELP ${name} ${help}`, `# TYPE ${name} histogram`];
  for (const { value, labels = {} } of distributions) {
    const own = Object.entries(labels).map(([label, text]) => `${label}="${text}"`);
    const within = (bound: string): string => `{${[...own, `le="${bound}"`].join(',')}}`;
    const suffix = own.length === 0 ? '' : `{${own.join(',')}}`;
    let sum = 0;
    for (const [index, count] of value.counts.entries()) {
      sum += count;
      lines.push(`${name}_bucket${within(String(durationBoundsSeconds[index] ?? '+Inf'))} ${sum}`);
    }
    lines.push(`${name}_sum${suffix} ${value.sumSeconds}`, `${name}_count${suffix} ${sum}`);
  }
  return `${lines.join('\n')}\n`;
}
