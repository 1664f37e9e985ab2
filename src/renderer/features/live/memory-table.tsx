import { formatBytes, formatTime } from '#shared/units.ts';
import { columnMs } from '../../state/columns.ts';
import { useLive } from '../../state/live-context.ts';
import { stackedSeries } from '../../state/memory-history.ts';
import { useSignal } from '../../state/signal.ts';
import { flagWords } from './flag-layout.ts';
import styles from '../../ui/twin.module.css';

const rows = 24;
const columns = ['ledger', ...stackedSeries, 'rss'] as const;

/** The memory chart in numbers: the fullest instant of each part of the time in view, newest first. */
export function MemoryTable() {
  const { store, timeline } = useLive();
  useSignal(store.changed.memory);
  useSignal(timeline.changed);
  const { memory } = store;
  const { right, span } = timeline.window;
  const step = Math.max(1, Math.floor(span / rows));
  const samples = Array.from({ length: rows }, (_, row) => {
    const to = right - (right % step) + step - 1 - row * step;
    return {
      column: memory.peakColumn(to - step + 1, Math.min(to, right)),
      flags: flagWords(store.flags.between((to - step + 1) * columnMs, (to + 1) * columnMs - 1)),
    };
  });
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must reach it
    <section className={styles['frame']} tabIndex={0} aria-label="Memory in numbers">
      <table className={styles['twin']} data-testid="memory-table">
        <caption className="visually-hidden">Memory over time, bytes by state</caption>
        <thead>
          <tr>
            <th scope="col">time</th>
            {columns.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
            <th scope="col">alerts and marks</th>
          </tr>
        </thead>
        <tbody>
          {samples
            .filter(({ column }) => column >= 0)
            .map(({ column, flags }) => (
              <tr key={column}>
                <th scope="row">{formatTime(column * columnMs)}</th>
                {columns.map((name) => {
                  const bytes = memory.value(name, column);
                  return <td key={name}>{Number.isNaN(bytes) ? 'n/r' : formatBytes(bytes)}</td>;
                })}
                <td>{flags.join(', ')}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </section>
  );
}
