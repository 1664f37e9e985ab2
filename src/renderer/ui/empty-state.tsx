/**
 * Nothing to show, and why. Four reasons, never mixed: nothing yet (with something to try), nothing matches (with a
 * way to drop what removes it), paused, and disconnected. What failed while it was drawn looks like them, and is none.
 */
import type { ReactNode } from 'react';
import styles from './empty-state.module.css';

type EmptyKind = 'nothing' | 'no-match' | 'paused' | 'disconnected' | 'failed';

interface EmptyStateProps {
  readonly kind: EmptyKind;
  readonly title: string;
  /** Sentences, something to try, buttons. */
  readonly children?: ReactNode;
  /** The kind, unless given. */
  readonly testId?: string;
}

export function EmptyState({ kind, title, children, testId }: EmptyStateProps) {
  return (
    <div
      className={styles['empty']}
      role={kind === 'failed' ? 'alert' : undefined}
      data-kind={kind}
      data-testid={testId ?? `empty-${kind}`}
    >
      <h2>{title}</h2>
      {children}
    </div>
  );
}
