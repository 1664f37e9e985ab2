/** The figures of #shared/telemetry.ts as Prometheus text. Values are read when somebody scrapes. */
import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import { metrics, type Metric } from '#shared/telemetry.ts';

/** One value with its labels. */
export interface Reading {
  readonly value: number;
  readonly labels?: Readonly<Record<string, string>>;
}

export type Readings = Readonly<Record<keyof typeof metrics, () => readonly Reading[]>>;

export class Metrics {
  readonly #registry = new Registry();

  constructor(readings: Readings) {
    collectDefaultMetrics({ register: this.#registry });
    for (const name of Object.keys(metrics) as (keyof typeof metrics)[])
      this.#publish(metrics[name], readings[name]);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
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
