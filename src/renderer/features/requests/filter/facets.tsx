import type { ReactNode } from 'react';
import type { Filter } from '#shared/filter/filter.ts';
import { tiers } from '#shared/vocabulary/requests.ts';
import { formatCount } from '#shared/units.ts';
import { useLive } from '../../../state/live-context.ts';
import { useSignal } from '../../../state/signal.ts';
import { statusWord } from '../../../ui/status-word.ts';
import { isNamed, toggledValue } from './edit.ts';
import styles from './filter.module.css';

interface FacetsProps {
  readonly filter: Filter;
  readonly onChange: (text: string) => void;
}

const classes = [2, 3, 4, 5] as const;

/** How many of the kept requests there are of each class of status and of each level; pressed, the filter names it. */
export function Facets({ filter, onChange }: FacetsProps) {
  const { store } = useLive();
  useSignal(store.changed.requests);
  const { counts } = store.requests;
  const facet = (key: string, value: string, count: number, content: ReactNode) => (
    <button
      key={value}
      type="button"
      aria-pressed={isNamed(filter, key, value)}
      data-testid={`facet-${value}`}
      onClick={() => onChange(toggledValue(filter, key, value))}
    >
      {content} <b>{formatCount(count)}</b>
    </button>
  );
  return (
    <div className={styles['facets']}>
      <fieldset>
        <legend className="visually-hidden">By status</legend>
        {classes.map((digit) => {
          const count = counts.statusClasses[digit] ?? 0;
          const isBad = digit >= 4 && count > 0;
          return facet(
            'status',
            `${digit}xx`,
            count,
            <>
              {isBad && <i aria-hidden="true">▲</i>}
              {digit}xx <span>{statusWord(digit * 100 + 90)}</span>
            </>,
          );
        })}
      </fieldset>
      <fieldset>
        <legend className="visually-hidden">By tier</legend>
        {tiers.map((tier, index) =>
          facet(
            'tier',
            tier,
            counts.tiers[index] ?? 0,
            <>
              <i className={styles['tier']} data-tier={tier} aria-hidden="true" />
              {tier}
            </>,
          ),
        )}
      </fieldset>
    </div>
  );
}
