import type { RepositoryRow } from '#shared/repository-model.ts';
import { formatAge, formatBytes, formatCommit } from '#shared/units.ts';
import drawer from '../../ui/drawer.module.css';
import styles from './details.module.css';

interface BundleTableProps {
  readonly bundles: RepositoryRow['bundles'];
  readonly at: number;
}

/** The bundles that are kept: each brings a clone of its base to its head. */
export function BundleTable({ bundles, at }: BundleTableProps) {
  return (
    <section>
      <h3 id="bundles-title">Bundles</h3>
      {bundles.length === 0 ? (
        <p className={drawer['quiet']}>None. One is made when a client is behind the mirror.</p>
      ) : (
        <table className={styles['bundles']} aria-labelledby="bundles-title">
          <thead>
            <tr>
              <th scope="col">From</th>
              <th scope="col">To</th>
              <th scope="col">Size</th>
              <th scope="col">Made</th>
            </tr>
          </thead>
          <tbody>
            {bundles.map(({ base, head, bytes, madeAt }) => (
              <tr key={`${base}..${head}`}>
                <td>
                  <code title={base}>{formatCommit(base)}</code>
                </td>
                <td>
                  <code title={head}>{formatCommit(head)}</code>
                </td>
                <td>{formatBytes(bytes)}</td>
                <td>{formatAge(at - madeAt)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
