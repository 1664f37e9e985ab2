/** Where an icicle is zoomed to: each step leads back to itself. */
import { shortNameOf } from '#shared/profile/callout.ts';
import type { Crumb } from '../../state/profile-questions.ts';
import styles from './breadcrumb.module.css';

interface BreadcrumbProps {
  readonly crumbs: readonly Crumb[];
  readonly onZoom: (keys: readonly string[]) => void;
}

/** Steps that are shown at the end of a long way; those before are counted. */
const mostSteps = 5;

export function Breadcrumb({ crumbs, onZoom }: BreadcrumbProps) {
  const hidden = Math.max(0, crumbs.length - mostSteps);
  const shown = crumbs.slice(hidden);
  return (
    <nav className={styles['crumbs']} aria-label="Zoom" data-testid="crumbs">
      <button
        type="button"
        disabled={crumbs.length === 0}
        title="All of it (Home)"
        onClick={() => onZoom([])}
      >
        all
      </button>
      {hidden > 0 && <span>… {hidden} …</span>}
      {shown.map(({ key, name }, index) => {
        const depth = hidden + index + 1;
        const isLast = depth === crumbs.length;
        return (
          <button
            key={`${depth}-${key}`}
            type="button"
            title={name}
            aria-current={isLast ? 'location' : undefined}
            disabled={isLast}
            onClick={() => onZoom(crumbs.slice(0, depth).map((each) => each.key))}
          >
            {shortNameOf(name)}
          </button>
        );
      })}
      {crumbs.length > 0 && (
        <button type="button" className={styles['reset']} onClick={() => onZoom([])}>
          Reset
        </button>
      )}
    </nav>
  );
}
