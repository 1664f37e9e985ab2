import type { CSSProperties } from 'react';
import type { Memory } from '#shared/model.ts';
import type { PoolState } from '#shared/vocabulary/live.ts';
import { formatBytes } from '#shared/units.ts';
import { useLive } from '../../state/live-context.ts';
import { useSignal } from '../../state/signal.ts';
import { type BudgetPart, budgetParts, budgetShares } from './budget-parts.ts';
import styles from './present.module.css';

/** The whole budget as one bar: every byte of it by what it is for, what is free included. */
export function BudgetBar() {
  const { store, timeline } = useLive();
  useSignal(store.changed.memory);
  useSignal(timeline.settled);
  const now = store.currentFrame?.memory;
  const { instant } = timeline;
  const isThen = instant !== undefined && store.clock.isKnown(instant);
  const memory = now && isThen ? { ...now, pool: store.memory.poolAt(instant) } : now;
  return (
    <section className={styles['block']} aria-labelledby="budget-title">
      <h2 id="budget-title">Budget</h2>
      {memory && <Bar memory={memory} />}
      {memory && <Shares memory={memory} />}
    </section>
  );
}

interface PartProps {
  readonly memory: Memory;
}

function Bar({ memory: { pool, budgetBytes } }: PartProps) {
  const words = budgetParts.map(({ state, name }) => `${name} ${formatBytes(pool[state])}`).join(', ');
  return (
    <>
      <p className="visually-hidden">
        {formatBytes(budgetBytes)}: {words}
      </p>
      <div
        className={styles['bar']}
        aria-hidden="true"
        data-testid="budget-bar"
        data-budget-bytes={budgetBytes}
      >
        {budgetParts.map((part) => (
          <i
            key={part.state}
            data-state={part.state}
            data-bytes={pool[part.state]}
            title={`${part.name} ${formatBytes(pool[part.state])}\n${part.meaning}`}
            style={{ ...ink(part), flexGrow: pool[part.state] / budgetBytes }}
          />
        ))}
      </div>
    </>
  );
}

/** The thirteen parts in six. */
function Shares({ memory: { pool } }: PartProps) {
  const bytesOf = (states: readonly PoolState[]): number =>
    states.reduce((sum, state) => sum + pool[state], 0);
  return (
    <dl className={styles['figures']}>
      {budgetShares.map(({ name, states, part }) => (
        <div key={name} title={states.map((state) => `${state} ${formatBytes(pool[state])}`).join('\n')}>
          <dt>
            <i className={styles['swatch']} style={ink(part)} />
            {name}
          </dt>
          <dd>{formatBytes(bytesOf(states))}</dd>
        </div>
      ))}
    </dl>
  );
}

function ink({ color }: Pick<BudgetPart, 'color'>): CSSProperties {
  return { '--part': color } as CSSProperties;
}
