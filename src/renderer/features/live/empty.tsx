import { useLive } from '../../state/live-context.ts';
import { useSignal } from '../../state/signal.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import styles from './empty.module.css';

/** Nothing has been asked for since the server started: say what to do. */
export function NothingYet() {
  const { store } = useLive();
  useSignal(store.connectionChanged);
  const command = store.currentHello?.tryIt;
  return (
    <div className={styles['empty']} data-testid="nothing-yet">
      <h3>Nothing yet</h3>
      <p>
        {command === undefined
          ? 'No request has come in since the server started. Transfers appear here as soon as one does.'
          : 'No request has come in since the server started. Fetch a range and watch its window:'}
      </p>
      {command !== undefined && (
        <div className={styles['try']}>
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a long command scrolls */}
          <code tabIndex={0}>{command}</code>
          <CopyButton text={command} />
        </div>
      )}
    </div>
  );
}

/** Nothing is being answered at the instant that is shown. */
export function NoTransfer({ words }: { readonly words: string }) {
  return (
    <div className={styles['empty']} data-testid="no-transfer">
      <p>{words}</p>
    </div>
  );
}
