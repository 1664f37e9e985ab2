import type { EngineReading } from '#shared/engine-model.ts';
import { formatCount, formatDuration, formatRate } from '#shared/units.ts';
import { useLive } from '../../state/live-context.ts';
import { useSignal } from '../../state/signal.ts';
import styles from './present.module.css';

interface Figure {
  readonly name: string;
  readonly text: string;
  readonly hint: string;
}

/** How the store does, in six figures; what is behind each is in its tooltip. */
export function StoreLine() {
  const { store } = useLive();
  useSignal(store.changed.lanes);
  const engine = store.currentFrame?.engine;
  return (
    <section className={styles['block']} aria-labelledby="store-title">
      <h2 id="store-title">Store</h2>
      <dl className={styles['figures']} data-testid="store-line">
        {engine &&
          storeFigures(engine).map(({ name, text, hint }) => (
            <div key={name} title={hint}>
              <dt>{name}</dt>
              <dd>{text}</dd>
            </div>
          ))}
      </dl>
    </section>
  );
}

export function storeFigures({ store }: Pick<EngineReading, 'store'>): readonly Figure[] {
  const { limit, ceiling, phase, levels, waiting, hedges, retries, stalls, firstByteMs } = store;
  const level = levels.find((known) => known.limit === limit);
  return [
    {
      name: 'Q',
      text: formatCount(limit),
      hint: lines(
        `Requests to the store that may be under way: ${phase}, at most ${ceiling} are tried`,
        level && `${formatRate(level.bytesPerSecond)} at this level`,
      ),
    },
    { name: 'active', text: formatCount(store.active), hint: 'Requests under way, hedges included' },
    {
      name: 'waiting',
      text: formatCount(sum(waiting)),
      hint: lines('Fetches that have memory and wait for a permit', list(waiting)),
    },
    {
      name: 'hedges',
      text: `${formatCount(hedges.won)} / ${formatCount(hedges.launched)}`,
      hint: lines('Second requests for what a client waits for: won / launched', list(hedges)),
    },
    {
      name: 'retries',
      text: formatCount(sum(retries)),
      hint: lines(`Requests made again, of ${formatCount(store.attempts)}`, list(retries), list(stalls)),
    },
    {
      name: 'p99',
      text: firstByteMs ? formatDuration(firstByteMs.p99) : '–',
      hint: lines(
        'First byte of an answer, p99 of the last 256',
        firstByteMs && `p50 ${formatDuration(firstByteMs.p50)}, p95 ${formatDuration(firstByteMs.p95)}`,
      ),
    },
  ];
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

/** `won 2, lost 3`: those that are not 0. */
function list(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${name} ${formatCount(count)}`)
    .join(', ');
}

function lines(...texts: readonly (string | undefined)[]): string {
  return texts.filter((text) => text !== undefined && text !== '').join('\n');
}
