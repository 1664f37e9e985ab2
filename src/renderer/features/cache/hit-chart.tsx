/**
 * The share of look-ups that each level answered, over the last hour. A bucket in which nobody asked is a gap, and so is
 * one in which nothing was measured: the line is never drawn across either.
 */
import { useEffect, useMemo, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { CacheHistory } from '#shared/cache-model.ts';
import { historyBucketMs, historyBuckets } from '#shared/vocabulary/cache.ts';
import { formatShare, formatTime } from '#shared/units.ts';
import { useSignal } from '../../state/signal.ts';
import { type Palette, palette } from '../../ui/palette.ts';
import { useCache } from './actions.ts';
import { useThemeVersion } from './theme-version.ts';
import { ratiosOf, tierTitle } from './words.ts';
import { Button } from '../../ui/button.tsx';
import { tablePath } from '../../ui/icons.tsx';
import twin from '../../ui/twin.module.css';
import styles from './hit-chart.module.css';

interface HitChartProps {
  readonly presentation: 'chart' | 'table';
  readonly onPresent: (next: 'chart' | 'table') => void;
}

export function HitChart({ presentation, onPresent }: HitChartProps) {
  const { store } = useCache();
  useSignal(store.historyChanged);
  const theme = useThemeVersion();
  const { history } = store;
  return (
    <section className={styles['panel']} aria-labelledby="ratio-title">
      <header className={styles['head']}>
        <h2 id="ratio-title">Hit ratio</h2>
        <ul className={styles['legend']} aria-hidden="true">
          {history?.tiers.map(({ name }) => (
            <li key={name} data-tier={name}>
              {tierTitle(name).toLowerCase()}
            </li>
          ))}
        </ul>
        <Button
          weight="quiet"
          icon={tablePath}
          aria-pressed={presentation === 'table'}
          title="Chart or table (t)"
          onPress={() => onPresent(presentation === 'chart' ? 'table' : 'chart')}
        >
          Table
        </Button>
      </header>
      {history &&
        (presentation === 'chart' ? <Chart key={theme} history={history} /> : <Table history={history} />)}
    </section>
  );
}

/** Three minutes: less than that looks like noise. */
const leastBuckets = 18;

function Chart({ history }: { readonly history: CacheHistory }) {
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const names = history.tiers.map(({ name }) => name).join(' ');
  const data = useMemo(() => dataOf(history), [history]);
  const label = describe(history);
  const newest = useRef({ data, label });
  useEffect(() => {
    newest.current = { data, label };
    plot.current?.setData(data);
    plot.current?.root.setAttribute('aria-label', label);
  }, [data, label]);
  useEffect(() => {
    const element = holder.current;
    if (!element) return undefined;
    const { clientWidth: width, clientHeight: height } = element;
    const made = new uPlot(
      optionsOf(names.split(' '), palette(), { width, height }),
      newest.current.data,
      element,
    );
    made.root.setAttribute('role', 'img');
    made.root.setAttribute('aria-label', newest.current.label);
    made.root.setAttribute('data-testid', 'hit-chart');
    plot.current = made;
    const resized = new ResizeObserver(() => {
      made.setSize({ width: element.clientWidth, height: element.clientHeight });
    });
    resized.observe(element);
    return () => {
      resized.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [names]);
  const isSilent = history.tiers.every((tier) => ratiosOf(tier).every((ratio) => ratio === null));
  return (
    <div ref={holder} className={styles['chart']}>
      {isSilent && <p className={styles['silent']}>No client has come to a chunk yet.</p>}
    </div>
  );
}

/** The last hour, or as much of it as the server has been there for: the newest at the right. */
function dataOf(history: CacheHistory): uPlot.AlignedData {
  const firstAt = history.lastAt - (historyBuckets - 1) * historyBucketMs;
  const known = history.tiers.map(({ hits }) => hits.findIndex((hit) => hit !== null));
  const first = Math.min(historyBuckets - leastBuckets, ...known.filter((index) => index >= 0));
  const times = Array.from(
    { length: historyBuckets - first },
    (_, index) => (firstAt + (first + index) * historyBucketMs) / 1000,
  );
  return [times, ...history.tiers.map((tier) => ratiosOf(tier).slice(first))];
}

function describe(history: CacheHistory): string {
  const parts = history.tiers.map((tier) => {
    const last = ratiosOf(tier).findLast((ratio) => ratio !== null);
    return `${tierTitle(tier.name)} ${last === undefined || last === null ? 'not asked' : formatShare(last, 1)}`;
  });
  return `Hit ratio of the last hour. Now: ${parts.join(', ')}`;
}

function optionsOf(
  names: readonly string[],
  colors: Palette,
  size: { readonly width: number; readonly height: number },
): uPlot.Options {
  const axis = {
    stroke: colors['text-2'],
    font: '11px "Inter Variable", system-ui, sans-serif',
    grid: { stroke: colors['line-soft'], width: 1 },
    ticks: { show: false },
  };
  return {
    ...size,
    padding: [8, 12, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: true }, y: { range: [0, 1] } },
    axes: [
      {
        ...axis,
        size: 24,
        space: 80,
        // Whole minutes: that is what the labels say.
        incrs: [60, 120, 300, 600, 900],
        values: (_, times) => times.map((time) => formatTime(time * 1000).slice(0, 5)),
      },
      {
        ...axis,
        size: 44,
        splits: () => [0, 0.5, 1],
        values: (_, shares) => shares.map((share) => formatShare(share, 1)),
      },
    ],
    series: [
      {},
      ...names.map((name) => ({
        stroke: name === 'memory' ? colors['tier-memory'] : colors['tier-disk'],
        width: name === 'memory' ? 1.5 : 2,
        ...(name === 'memory' ? {} : { dash: [4, 3] }),
        spanGaps: false,
        // A bucket between two gaps is a line of no length: it is a dot.
        points: {
          show: true,
          size: 3,
          width: 0,
          fill: name === 'memory' ? colors['tier-memory'] : colors['tier-disk'],
        },
      })),
    ],
  };
}

const minutes = 12;

/** The same in numbers: five minutes a row, the newest first. */
function Table({ history }: { readonly history: CacheHistory }) {
  const perRow = historyBuckets / minutes;
  const rows = Array.from({ length: minutes }, (_, row) => minutes - 1 - row);
  const endOf = (row: number): number =>
    history.lastAt + historyBucketMs - (minutes - 1 - row) * perRow * historyBucketMs;
  const sum = (values: readonly (number | null)[], row: number): number | undefined => {
    const known = values.slice(row * perRow, (row + 1) * perRow).filter((value) => value !== null);
    return known.length === 0 ? undefined : known.reduce((total, value) => total + value, 0);
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must reach it
    <section className={styles['frame']} tabIndex={0} aria-label="Hit ratio in numbers">
      <table className={twin['twin']} data-testid="hit-table">
        <caption className="visually-hidden">Hits and misses, five minutes a row</caption>
        <thead>
          <tr>
            <th scope="col">until</th>
            {history.tiers.map(({ name }) => (
              <th key={name} scope="col">
                {name}: hits / misses / evicted
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row}>
              <th scope="row">{formatTime(endOf(row))}</th>
              {history.tiers.map(({ name, hits, misses, evictions }) => (
                <td key={name}>
                  {[hits, misses, evictions].map((values) => sum(values, row) ?? '–').join(' / ')}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
