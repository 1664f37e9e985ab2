import type { RepositoryRow } from '#shared/repository-model.ts';
import { cssShare } from '../../ui/css-share.ts';
import styles from './residency.module.css';

interface ResidencyBarProps {
  readonly totalBytes: number;
  readonly residency: RepositoryRow['residency'];
}

/** How much of a snapshot the caches have: memory above disk. The words are beside it. */
export function ResidencyBar({ totalBytes, residency }: ResidencyBarProps) {
  const { memoryBytes, diskBytes } = residency;
  return (
    <span className={styles['bar']} aria-hidden="true">
      <Level tier="memory" share={memoryBytes / Math.max(1, totalBytes)} />
      <Level tier="disk" share={diskBytes / Math.max(1, totalBytes)} />
    </span>
  );
}

function Level({ tier, share }: { readonly tier: 'memory' | 'disk'; readonly share: number }) {
  return <i data-tier={tier}>{share > 0 && <b style={{ width: cssShare(share) }} />}</i>;
}
