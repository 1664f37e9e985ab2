import type { RequestDetail } from '#shared/request-model.ts';
import { formatBytes, formatCount, formatDuration } from '#shared/units.ts';
import styles from './drawer.module.css';

/** Each chunk that was read: from where, how long the client waited for it, and it for the client. */
export function Chunks({ detail: { chunks, chunksHidden } }: { readonly detail: RequestDetail }) {
  const longest = Math.max(0.001, ...chunks.map(({ waitMs, heldMs = 0 }) => Math.max(waitMs, heldMs)));
  const lines = chunks.map((chunk, order) => ({ chunk, key: `${order} ${chunk.index}` }));
  if (chunks.length === 0) {
    return (
      <div className={styles['body']}>
        <section>
          <h3>Chunks</h3>
          <p>No chunk was read for it.</p>
        </section>
      </div>
    );
  }
  return (
    <div className={styles['body']}>
      <section>
        <h3>
          {formatCount(chunks.length + chunksHidden)} chunks
          {chunksHidden > 0 && `, of which the first ${formatCount(chunks.length)} are listed`}
        </h3>
        <table className={styles['chunks']} data-testid="chunks">
          <thead>
            <tr>
              <th scope="col">Chunk</th>
              <th scope="col">At</th>
              <th scope="col">Bytes</th>
              <th scope="col">Tier</th>
              <th scope="col">Wait</th>
              <th scope="col">Held</th>
              <th scope="col">
                <span className="visually-hidden">Wait and held as bars</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {lines.map(({ key, chunk: { index, start, end, tier, waitMs, heldMs } }) => (
              <tr key={key}>
                <td>#{formatCount(index)}</td>
                <td>{formatBytes(start)}</td>
                <td>{formatBytes(end - start)}</td>
                <td>{tier}</td>
                <td>{formatDuration(waitMs)}</td>
                <td>{heldMs === undefined ? '–' : formatDuration(heldMs)}</td>
                <td aria-hidden="true">
                  <i data-kind="wait" style={{ width: `${(waitMs / longest) * 100}%` }} />
                  <i data-kind="held" style={{ width: `${((heldMs ?? 0) / longest) * 100}%` }} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        <p className={styles['key']}>
          <i data-kind="wait" aria-hidden="true" /> the client waited for it
          <i data-kind="held" aria-hidden="true" /> it waited for the client
        </p>
      </section>
    </div>
  );
}
