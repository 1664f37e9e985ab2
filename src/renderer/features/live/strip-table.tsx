import { formatCount, formatTime } from '#shared/units.ts';
import { columnMs } from '../../state/columns.ts';
import { useLive } from '../../state/live-context.ts';
import { useSignal } from '../../state/signal.ts';
import styles from '../../ui/twin.module.css';

const rows = 12;

/** The request strip in numbers: how many ended in each part of the time in view, and how; newest first. */
export function StripTable() {
  const { store, timeline } = useLive();
  useSignal(store.changed.requests);
  useSignal(timeline.settled);
  const { right, span } = timeline.window;
  const step = Math.max(1, Math.floor(span / rows));
  const parts = Array.from({ length: rows }, (_, index) => right + 1 - index * step);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must reach it
    <section className={styles['frame']} tabIndex={0} aria-label="Requests in numbers">
      <table className={styles['twin']} data-testid="strip-table">
        <caption className="visually-hidden">Requests over time by how they ended</caption>
        <thead>
          <tr>
            {['until', 'went well', 'refused', 'failed', 'in flight'].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {parts.map((end) => {
            const { fine, refused, failed } = store.strip.count((end - step) * columnMs, end * columnMs);
            const flying = store.memory.value('transfers', end - 1);
            return (
              <tr key={end}>
                <th scope="row">{formatTime(end * columnMs)}</th>
                <td>{formatCount(fine)}</td>
                <td>{formatCount(refused)}</td>
                <td>{formatCount(failed)}</td>
                <td>{formatCount(flying)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
