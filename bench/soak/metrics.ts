/** What Sluice says of itself in /metrics, at one moment. */
import { metrics } from '#shared/telemetry.ts';

type MetricName = keyof typeof metrics;
type Labels = Readonly<Record<string, string>>;

interface Sample {
  readonly name: string;
  readonly labels: Labels;
  readonly value: number;
}

export class Scrape {
  readonly #samples: readonly Sample[];

  constructor(text: string) {
    this.#samples = text.split('\n').flatMap((line) => {
      const [, name, labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      return name === undefined ? [] : [{ name, labels: parseLabels(labels), value: Number(value) }];
    });
  }

  /** The sum over all that bear these labels. @throws when there is no such metric: a check must not pass for that */
  sum(metric: MetricName, labels: Labels = {}): number {
    return this.#find(metrics[metric].name, labels).reduce((sum, { value }) => sum + value, 0);
  }

  /** The same for a metric of the runtime, which #shared/telemetry.ts does not name. */
  total(name: string): number {
    return this.#find(name, {}).reduce((sum, { value }) => sum + value, 0);
  }

  /** Value by the value of one label. */
  by(metric: MetricName, label: string): Readonly<Record<string, number>> {
    const found = this.#find(metrics[metric].name, {});
    return Object.fromEntries(found.map(({ labels, value }) => [labels[label] ?? '', value]));
  }

  /** What this share of a histogram lies below, evenly spread within its bucket. 0 for an empty one. */
  quantile(metric: MetricName, share: number, labels: Labels = {}): number {
    const buckets = this.#find(`${metrics[metric].name}_bucket`, labels);
    const wanted = (buckets.at(-1)?.value ?? 0) * share;
    let [lower, below] = [0, 0];
    for (const { labels: own, value } of buckets) {
      const upper = Number(own['le']?.replace('+Inf', 'Infinity'));
      if (value > 0 && value >= wanted) return lower + ((upper - lower) * (wanted - below)) / (value - below);
      [lower, below] = [upper, value];
    }
    return 0;
  }

  #find(name: string, labels: Labels): readonly Sample[] {
    const wanted = Object.entries(labels);
    const found = this.#samples.filter(
      (sample) => sample.name === name && wanted.every(([label, value]) => sample.labels[label] === value),
    );
    if (found.length === 0 && !this.#samples.some((sample) => sample.name === name))
      throw new Error(`${name} is not in /metrics`);
    return found;
  }
}

function parseLabels(text: string): Labels {
  return Object.fromEntries([...text.matchAll(/(\w+)="([^"]*)"/g)].map(([, label, value]) => [label, value]));
}

export async function scrape(url: string): Promise<Scrape> {
  return new Scrape(await (await fetch(`${url}/metrics`)).text());
}
