import type { Completion } from '#shared/filter/complete.ts';
import { formatCount } from '#shared/units.ts';
import { countedRows } from './suggestions.ts';
import type { Suggestions } from './use-suggestions.ts';
import styles from './filter.module.css';

interface SuggestionListProps {
  readonly id: string;
  readonly suggestions: Suggestions;
  readonly chosen: number | undefined;
  readonly onAccept: (completion: Completion) => void;
}

/** The field keeps the focus: what is chosen is said by it. */
export function SuggestionList({ id, suggestions, chosen, onAccept }: SuggestionListProps) {
  const { list, counts } = suggestions;
  return (
    <div className={styles['suggestions']}>
      {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role, jsx-a11y/no-noninteractive-element-to-interactive-role -- a datalist has neither hints nor counts */}
      <ul id={id} role="listbox" aria-label="Suggestions" data-testid="suggestions">
        {list.map((completion, index) => (
          <li
            key={completion.label}
            id={`${id}-${index}`}
            // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role, jsx-a11y/no-noninteractive-element-to-interactive-role -- as above
            role="option"
            aria-selected={index === chosen}
            // Before the field loses the focus.
            onMouseDown={(event) => {
              event.preventDefault();
              onAccept(completion);
            }}
          >
            <code>{completion.label}</code>
            <span>{completion.hint}</span>
            <b>{counts[index] === undefined ? '' : formatCount(counts[index])}</b>
          </li>
        ))}
      </ul>
      {counts.some((count) => count !== undefined) && (
        <p>Counts of the newest {formatCount(countedRows)} requests</p>
      )}
    </div>
  );
}
