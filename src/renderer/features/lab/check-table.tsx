/** The checks by level: arrow keys move, Enter opens, a click does both. */
import { type KeyboardEvent, useRef, useState } from 'react';
import type { CheckResult } from '#shared/lab-model.ts';
import { type CheckLevel, checkLevels, type CheckVerdict } from '#shared/vocabulary/lab.ts';
import styles from './check-table.module.css';

interface CheckTableProps {
  readonly results: readonly CheckResult[];
  readonly opened: string | undefined;
  readonly onOpen: (id: string) => void;
}

const meanings: Readonly<Record<CheckLevel, string>> = {
  MUST: 'what RFC 9110 requires',
  SHOULD: 'what it recommends',
  MAY: 'what it allows, and clients like',
};

/** What is broken is read first. */
const urgency: Readonly<Record<CheckVerdict, number>> = { fail: 0, warn: 1, pass: 2, 'not applicable': 3 };

const signs: Readonly<Record<CheckVerdict, string>> = {
  fail: '▲',
  warn: '△',
  pass: '✓',
  'not applicable': '–',
};

export function CheckTable({ results, opened, onOpen }: CheckTableProps) {
  const [focused, setFocused] = useState<string>();
  const table = useRef<HTMLTableElement>(null);
  const ordered = checkLevels.flatMap((level) =>
    results
      .filter((result) => result.level === level)
      .toSorted((a, b) => urgency[a.verdict] - urgency[b.verdict]),
  );
  const at = Math.max(
    0,
    ordered.findIndex(({ id }) => id === (focused ?? opened)),
  );
  const onKeyDown = (event: KeyboardEvent): void => {
    const last = ordered.length - 1;
    const to = { ArrowDown: at + 1, j: at + 1, ArrowUp: at - 1, k: at - 1, Home: 0, End: last }[event.key];
    const current = ordered[at];
    if (event.key === 'Enter' && current) onOpen(current.id);
    if (to === undefined) return;
    event.preventDefault();
    const row = table.current?.querySelectorAll<HTMLElement>('tr[data-id]')[Math.min(last, Math.max(0, to))];
    row?.focus();
    row?.scrollIntoView({ block: 'nearest' });
  };
  return (
    <div className={styles['scroller']}>
      <table
        ref={table}
        className={styles['table']}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-to-interactive-role -- arrow keys choose a row
        role="grid"
        aria-label="Checks"
        aria-rowcount={ordered.length + 1}
        data-testid="checks"
        onKeyDown={onKeyDown}
      >
        <thead>
          <tr>
            <th scope="col">Verdict</th>
            <th scope="col">Check</th>
            <th scope="col">What came</th>
            <th scope="col">Section</th>
          </tr>
        </thead>
        {checkLevels.map((level) => {
          const rows = ordered.filter((result) => result.level === level);
          if (rows.length === 0) return null;
          return (
            <tbody key={level}>
              <tr className={styles['group']}>
                <th scope="rowgroup" colSpan={4}>
                  {level} <span>{meanings[level]}</span>
                </th>
              </tr>
              {rows.map(({ id, verdict, title, sentence, section }) => (
                <tr
                  key={id}
                  data-id={id}
                  aria-rowindex={ordered.findIndex((each) => each.id === id) + 2}
                  data-testid="check"
                  data-verdict={verdict}
                  tabIndex={ordered[at]?.id === id ? 0 : -1}
                  aria-selected={id === opened}
                  onFocus={() => setFocused(id)}
                  onClick={() => onOpen(id)}
                >
                  <td>
                    <i aria-hidden="true">{signs[verdict]}</i> {verdict}
                  </td>
                  <td title={title}>{title}</td>
                  <td title={sentence}>{sentence}</td>
                  <td>{section.replace('RFC ', '')}</td>
                </tr>
              ))}
            </tbody>
          );
        })}
      </table>
    </div>
  );
}
