/** The figures of #shared/telemetry.ts as Prometheus text. Values are read when somebody scrapes. */
import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import { metrics, type Metric } from '#shared/telemetry.ts';
import { histogramText, type Distribution } from './histogram-text.ts';

/** One value with its labels. */
export interface Reading {
  readonly value: number;
  readonly labels?: Readonly<Record<string, string>>;
}

type MetricName = keyof typeof metrics;
type ReadingOf<Name extends MetricName> = (typeof metrics)[Name]['kind'] extends 'histogram'
  ? Distribution
  : Reading;

/** Where each figure comes from. */
export type Readings = { readonly [Name in MetricName]: () => readonly ReadingOf<Name>[] };

export class Metrics {
  readonly #registry = new Registry();
  readonly #histograms: (() => string)[] = [];

  constructor(readings: Readings) {
    collectDefaultMetrics({ register: this.#registry });
    for (const name of Object.keys(metrics) as MetricName[]) {
      const metric: Metric = metrics[name];
      if (metric.kind === 'histogram')
        this.#histograms.push(() => histogramText(metric, readings[name]() as readonly Distribution[]));
      else this.#publish(metric, readings[name] as () => readonly Reading[]);
    }
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  async text(): Promise<string> {
    const figures = await this.#registry.metrics();
    return [figures, ...this.#histograms.map((text) => text())].join('\n');
  }

  #publish(metric: Metric, read: () => readonly Reading[]): void {
    const options = {
      name: metric.name,
      help: metric.help,
      labelNames: [...(metric.labels ?? [])],
      registers: [this.#registry],
    };
    if (metric.kind === 'gauge') {
      const gauge: Gauge = new Gauge({
        ...options,
        collect: () => {
          gauge.reset();
          for (const { labels, value } of read()) gauge.set(labels ?? {}, value);
        },
      });
      return;
    }
    const counter: Counter = new Counter({
      ...options,
      collect: () => {
        counter.reset();
        for (const { labels, value } of read()) counter.inc(labels ?? {}, value);
      },
    });
  }
}
