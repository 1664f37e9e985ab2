/**
 * The Live view. One clock, two columns: left the history, which ends at NOW; right the present instant, enlarged.
 * Three rows from cause to effect: memory (the promise), windows (why), requests (who).
 */
import { useEffect, useState } from 'react';
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

/** `t` swaps pictures for tables; `[` and `]` narrow and widen the time in view. */
function usePresentation(): [Presentation, (next: Presentation) => void] {
  const { timeline, loop } = useLive();
  const [presentation, setPresentation] = useState<Presentation>('charts');
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === 't') setPresentation((now) => (now === 'charts' ? 'tables' : 'charts'));
      if (event.key !== '[' && event.key !== ']') return;
      timeline.step(event.key === '[' ? -1 : 1);
      loop.invalidate();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [timeline, loop]);
  return [presentation, setPresentation];
}
