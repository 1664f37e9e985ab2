import { type ReactNode, useEffect, useRef } from 'react';
import { Button } from './button.tsx';
import { CopyButton } from './copy-button.tsx';
import { EmptyState } from './empty-state.tsx';
import { failureDetails, failureMessage } from './failure-details.ts';
import styles from './failure.module.css';

interface FailureProps {
  readonly what: string;
  readonly error: unknown;
  readonly version: string | undefined;
  readonly hasBeenRetried: boolean;
  readonly onRetry: () => void;
  readonly testId: string;
  /** What still works. */
  readonly children: ReactNode;
}

/** What stands where something could not be drawn. */
export function Failure({ what, error, version, hasBeenRetried, onRetry, testId, children }: FailureProps) {
  const retry = useRef<HTMLButtonElement>(null);
  // The button that was pressed went with what failed before.
  useEffect(() => {
    if (hasBeenRetried) retry.current?.focus();
  }, [hasBeenRetried]);
  return (
    <EmptyState kind="failed" title={`${what} cannot be shown`} testId={testId}>
      <p>
        Drawing it failed: <code>{failureMessage(error)}</code>
      </p>
      {children}
      <div className={styles['ways']}>
        <Button ref={retry} weight="main" onPress={onRetry}>
          Try again
        </Button>
        <CopyButton
          text={failureDetails({ what, error, address: location.href, version })}
          label="Copy details"
        />
      </div>
    </EmptyState>
  );
}
