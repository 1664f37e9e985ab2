/**
 * The field of the filter: errors are underlined where they are and said below, completions have counts, everything
 * goes by keyboard. What is written goes to the address a moment after the last key.
 */
import { type ChangeEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import type { Completion } from '#shared/filter/complete.ts';
import type { FilterError } from '#shared/filter/filter.ts';
import { useCommand } from '../../../state/commands.ts';
import { SuggestionList } from './suggestion-list.tsx';
import { useSuggestions } from './use-suggestions.ts';
import styles from './filter.module.css';

/** From the last key to the address, in milliseconds. */
const settleMs = 150;

interface FilterFieldProps {
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly errors: readonly FilterError[];
  readonly isSearching: boolean;
}

export function FilterField({ text, onChange, errors, isSearching }: FilterFieldProps) {
  const [draft, write, settle] = useDraft(text, onChange);
  const [caret, setCaret] = useState(text.length);
  const [isOpen, setOpen] = useState(false);
  const [chosen, setChosen] = useState<number>();
  const input = useRef<HTMLInputElement>(null);
  const listId = useId();
  const suggestions = useSuggestions(draft, caret, isOpen);
  useCommand('requests.filter', () => {
    input.current?.focus();
    input.current?.select();
  });

  const open = (next: boolean): void => {
    setOpen(next);
    setChosen(undefined);
  };
  const accept = ({ insert, start, end, kind }: Completion): void => {
    const gap = kind === 'value' && end === draft.length ? ' ' : '';
    const before = `${draft.slice(0, start)}${insert}${gap}`;
    write(before + draft.slice(end));
    setCaret(before.length);
    setChosen(undefined);
    requestAnimationFrame(() => input.current?.setSelectionRange(before.length, before.length));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const count = suggestions.list.length;
    const current = chosen === undefined ? undefined : suggestions.list[chosen];
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (!isOpen) open(true);
      else if (count > 0) setChosen(nextIndex(chosen, event.key === 'ArrowDown' ? 1 : -1, count));
    } else if ((event.key === 'Enter' || event.key === 'Tab') && isOpen && current) {
      event.preventDefault();
      accept(current);
    } else if (event.key === 'Enter') {
      settle(draft);
      open(false);
    } else if (event.key === 'Escape') {
      // One thing at a time: the list, then the field.
      event.preventDefault();
      if (isOpen) open(false);
      else input.current?.blur();
    }
  };
  const isListed = isOpen && suggestions.list.length > 0;
  const shownErrors = draft === text ? errors : [];
  return (
    <div className={styles['field']} data-invalid={shownErrors.length > 0}>
      <Underlined text={draft} errors={shownErrors} input={input} />
      <input
        ref={input}
        type="text"
        role="combobox"
        aria-label="Filter"
        aria-expanded={isListed}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={isListed && chosen !== undefined ? `${listId}-${chosen}` : undefined}
        aria-invalid={shownErrors.length > 0}
        aria-describedby={shownErrors.length > 0 ? `${listId}-error` : undefined}
        placeholder="Filter: status:206 tier:store ttfb>200ms"
        spellCheck={false}
        autoComplete="off"
        data-testid="filter"
        value={draft}
        onChange={(event: ChangeEvent<HTMLInputElement>) => {
          write(event.target.value);
          setCaret(event.target.selectionStart ?? event.target.value.length);
          open(true);
        }}
        onSelect={({ currentTarget }) => setCaret(currentTarget.selectionStart ?? 0)}
        onClick={() => open(true)}
        onBlur={() => open(false)}
        onKeyDown={onKeyDown}
      />
      {isSearching && <output className={styles['spinner']} aria-label="Searching" />}
      {draft === '' && (
        <kbd className={styles['hint']} aria-hidden="true">
          /
        </kbd>
      )}
      {draft !== '' && (
        <button
          type="button"
          className={styles['clear']}
          aria-label="Clear the filter"
          onClick={() => {
            settle('');
            input.current?.focus();
          }}
        >
          ×
        </button>
      )}
      {isListed && <SuggestionList id={listId} suggestions={suggestions} chosen={chosen} onAccept={accept} />}
      {!isListed && shownErrors[0] && (
        <p id={`${listId}-error`} className={styles['error']} role="alert" data-testid="filter-error">
          {shownErrors[0].message}
        </p>
      )}
    </div>
  );
}

/** What is being written; whoever changes the address from elsewhere has the last word. */
function useDraft(
  text: string,
  onChange: (text: string) => void,
): readonly [draft: string, write: (draft: string) => void, settle: (draft: string) => void] {
  const [draft, setDraft] = useState(text);
  const [before, setBefore] = useState(text);
  if (before !== text) {
    setBefore(text);
    setDraft(text);
  }
  const pending = useRef<{ readonly timer: ReturnType<typeof setTimeout>; readonly base: string }>(undefined);
  const drop = (): void => clearTimeout(pending.current?.timer);
  useEffect(() => {
    // What was written before a change from elsewhere does not come after it.
    if (pending.current?.base !== text) clearTimeout(pending.current?.timer);
  }, [text]);
  useEffect(() => () => clearTimeout(pending.current?.timer), []);
  return [
    draft,
    (next) => {
      setDraft(next);
      drop();
      pending.current = { timer: setTimeout(() => onChange(next), settleMs), base: text };
    },
    (next) => {
      setDraft(next);
      drop();
      onChange(next);
    },
  ];
}

/** Round and round, over "none" in between. */
function nextIndex(index: number | undefined, step: 1 | -1, count: number): number | undefined {
  const next = (index ?? (step > 0 ? -1 : count)) + step;
  return next < 0 || next >= count ? undefined : next;
}

interface UnderlinedProps {
  readonly text: string;
  readonly errors: readonly FilterError[];
  readonly input: { readonly current: HTMLInputElement | null };
}

/** The same text behind the field's own, unseen but for the lines under what is wrong. */
function Underlined({ text, errors, input }: UnderlinedProps) {
  const line = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const field = input.current;
    const follow = (): void => {
      if (line.current && field) line.current.scrollLeft = field.scrollLeft;
    };
    follow();
    field?.addEventListener('scroll', follow);
    return () => field?.removeEventListener('scroll', follow);
  });
  if (errors.length === 0) return null;
  const parts: { readonly text: string; readonly isWrong: boolean; readonly start: number }[] = [];
  let at = 0;
  for (const { start, end } of errors) {
    if (start > at) parts.push({ text: text.slice(at, start), isWrong: false, start: at });
    // What is missing at the end has no letters of its own.
    const from = Math.max(at, start);
    const to = Math.max(end, from + 1);
    parts.push({ text: text.slice(from, to) || ' ', isWrong: true, start: from });
    at = to;
  }
  return (
    <div ref={line} className={styles['underlined']} aria-hidden="true">
      {parts.map((part) => (
        <span key={`${part.start}-${part.isWrong}`} data-wrong={part.isWrong}>
          {part.text}
        </span>
      ))}
    </div>
  );
}
