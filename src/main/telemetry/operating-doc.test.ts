import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { metrics, type Metric } from '#shared/telemetry.ts';

const document = readFileSync(new URL('../../../docs/operating.md', import.meta.url), 'utf8');

/** The rows of its tables of metrics: name with labels, kind, unit. */
const rows = [...document.matchAll(/^\| `(sluice_[^`]+)` +\| (\w+) +\| (\w+) +\|/gm)].map((row) =>
  row.slice(1).join(' '),
);

describe('docs/operating.md', () => {
  it('has each metric once, with its labels, kind and unit', () => {
    const published = Object.values<Metric>(metrics).map(
      ({ name, labels, kind, unit }) => `${name}${labels ? `{${labels.join(',')}}` : ''} ${kind} ${unit}`,
    );
    expect(rows.toSorted()).toEqual(published.toSorted());
  });

  it('names no metric that there is not', () => {
    const names = Object.values(metrics).map(({ name }) => name);
    const mentioned = [...document.matchAll(/\bsluice_[a-z_]+[a-z]/g)].map(([name]) => name);
    expect(mentioned.filter((name) => !names.some((known) => known === name))).toEqual([]);
  });
});
