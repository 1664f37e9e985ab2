import { formatBytes, formatClock, formatCount } from '#shared/units.ts';
import { columnMs } from '../../state/columns.ts';
import { type Live, useLive } from '../../state/live-context.ts';
import { flagsNear, flagWords } from './flag-layout.ts';
import styles from './history.module.css';

/** `14:03:22.4`. */
export function clockOf(column: number): string {
  return formatClock(column * columnMs).slice(0, -2);
}

/** What there was at an instant, in a few words: for the pointer, and for those who hear it. */
export function wordsAt({ store, timeline }: Live, column: number): readonly string[] {
  const flags = flagWords(flagsNear(store.flags, column, timeline.window.span));
  if (!store.clock.isKnown(column)) return ['no data', ...flags];
  const { ledger, spare, budget, transfers } = store.memory.figuresAt(column);
  const lanes = store.lanes
    .at(column)
    .flatMap((view) => store.laneAt(view, column) ?? [])
    .filter((lane) => lane.diagnosis !== 'healthy');
  const troubles = [...new Set(lanes.map(({ diagnosis }) => diagnosis))];
  return [
    `window ${formatBytes(ledger - spare)} of ${formatBytes(budget)}`,
    `${formatCount(transfers)} in flight`,
    ...troubles.map(
      (trouble) => `${lanes.filter(({ diagnosis }) => diagnosis === trouble).length} ${trouble}`,
    ),
    ...flags,
  ];
}

export function CursorTip({ column }: { readonly column: number }) {
  const live = useLive();
  return (
    <div className={styles['tip']} data-testid="cursor-tip">
      <b>{clockOf(column)}</b>
      {wordsAt(live, column).map((word) => (
        <span key={word}>{word}</span>
      ))}
    </div>
  );
}
