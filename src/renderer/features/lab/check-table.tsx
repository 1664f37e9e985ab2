import type { CheckResult } from '#shared/lab-model.ts';
import { type CheckLevel, checkLevels, type CheckVerdict } from '#shared/vocabulary/lab.ts';
import table from '../../ui/table.module.css';
import { useRowFocus } from '../../ui/use-row-focus.ts';
import styles from './check-table.module.css';

interface CheckTableProps {
  readonly results: readonly CheckResult[];
  readonly opened: string | undefined;
  readonly onOpen: (id: string | undefined) => void;
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

/** The checks by level. */
export function CheckTable({ results, opened, onOpen }: CheckTableProps) {
  const ordered = checkLevels.flatMap((level) =>
    results
      .filter((result) => result.level === level)
      .toSorted((a, b) => urgency[a.verdict] - urgency[b.verdict]),
  );
  const rows = useRowFocus({
    keys: ordered.map(({ id }) => id),
    openedKey: opened,
    onOpen,
    onClose: () => onOpen(undefined),
  });
  return (
    <div className={table['scroller']}>
      <table
        className={`${table['table']} ${styles['checks']}`}
        aria-label="Checks"
        data-testid="checks"
        {...rows.table}
      >
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col">Verdict</th>
            <th scope="col">Check</th>
            <th scope="col">What came</th>
            <th scope="col">Section</th>
          </tr>
        </thead>
        {checkLevels.map((level) => {
          if (!ordered.some((result) => result.level === level)) return null;
          return (
            <tbody key={level}>
              <tr className={styles['group']}>
                <th scope="rowgroup" colSpan={4}>
                  {level} <span>{meanings[level]}</span>
                </th>
              </tr>
              {ordered.map(
                ({ id, level: own, verdict, title, sentence, section }, index) =>
                  own === level && (
                    <tr key={id} data-testid="check" data-verdict={verdict} {...rows.rowAt(index)}>
                      <td>
                        <i aria-hidden="true">{signs[verdict]}</i> {verdict}
                      </td>
                      <td title={title}>{title}</td>
                      <td title={sentence}>{sentence}</td>
                      <td>{section.replace('RFC ', '')}</td>
                    </tr>
                  ),
              )}
            </tbody>
          );
        })}
      </table>
    </div>
  );
}
