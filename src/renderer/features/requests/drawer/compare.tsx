import { useState } from 'react';
import type { RequestDetail } from '#shared/request-model.ts';
import { formatCount } from '#shared/units.ts';
import { placeHash } from '../../../state/place.ts';
import { comparedLines } from './compared.ts';
import { useDetail } from './use-detail.ts';
import styles from './drawer.module.css';

interface CompareProps {
  /** The other one's `seq`. */
  readonly pinned: number;
  readonly detail: RequestDetail;
}

/** This request beside the one that was pinned; what is the same in both is left out unless asked for. */
export function Compare({ pinned, detail }: CompareProps) {
  const answer = useDetail(pinned);
  const [showsAll, setShowsAll] = useState(false);
  if (answer.kind !== 'known') {
    return (
      <div className={styles['body']}>
        <section>
          <output>{answer.kind === 'loading' ? 'Reading the pinned request…' : answer.sentence}</output>
        </section>
      </div>
    );
  }
  const lines = comparedLines(answer.detail, detail);
  const different = lines.filter(({ one, other }) => one !== other);
  return (
    <div className={styles['body']}>
      <section>
        <h3>
          {formatCount(different.length)} of {formatCount(lines.length)} are different
        </h3>
        <label className={styles['check']}>
          <input type="checkbox" checked={showsAll} onChange={() => setShowsAll(!showsAll)} />
          Show what is the same, too
        </label>
        <table className={styles['differences']} data-testid="compared">
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col">
                <a href={placeHash('requests', `${pinned}`)}>Pinned, {pinned}</a>
              </th>
              <th scope="col">This, {detail.row.seq}</th>
            </tr>
          </thead>
          <tbody>
            {(showsAll ? lines : different).map(({ name, one, other }) => (
              <tr key={name} data-same={one === other}>
                <th scope="row">{name}</th>
                <td>{one}</td>
                <td>{other}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}
