/**
 * The Live view. One clock, two columns: left the history, which ends at NOW; right the present instant, enlarged.
 * Three rows from cause to effect: memory (the promise), windows (why), requests (who).
 */
import { useState } from 'react';
import { useCommand } from '../../state/commands.ts';
import { useLive } from '../../state/live-context.ts';
import { useSignal } from '../../state/signal.ts';
import { AxisRow } from './axis-row.tsx';
import { Crosshair } from './crosshair.tsx';
import { Lanes } from './lanes.tsx';
import { MemoryRow } from './memory-row.tsx';
import { Present } from './present.tsx';
import type { Presentation } from './presentation.ts';
import { RequestTable } from './request-table.tsx';
import styles from './live-view.module.css';

export function LiveView() {
  const { store } = useLive();
  useSignal(store.connectionChanged);
  const [presentation, setPresentation] = usePresentation();
  return (
    <main className={styles['live']} data-stale={store.connection.kind !== 'live'} data-testid="live">
      <Crosshair presentation={presentation}>
        <MemoryRow presentation={presentation} />
        <Lanes presentation={presentation} onPresent={setPresentation} />
        <AxisRow />
      </Crosshair>
      <div className={styles['bottom']}>
        <RequestTable />
        <Present />
      </div>
    </main>
  );
}

/** Pictures, or the tables behind them; and how much time is in view. */
function usePresentation(): [Presentation, (next: Presentation) => void] {
  const { timeline, loop } = useLive();
  const [presentation, setPresentation] = useState<Presentation>('charts');
  const step = (direction: -1 | 1): void => {
    timeline.scale(direction);
    loop.invalidate();
  };
  useCommand('view.tables', () => setPresentation((now) => (now === 'charts' ? 'tables' : 'charts')));
  useCommand('time.narrower', () => step(-1));
  useCommand('time.wider', () => step(1));
  return [presentation, setPresentation];
}
