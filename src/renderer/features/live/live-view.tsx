/**
 * The Live view. One clock, two columns: left the history, which ends at NOW; right the present instant, enlarged.
 * Three rows from cause to effect: memory (the promise), windows (why), requests (who).
 */
import { type ReactNode, Suspense } from 'react';
import { Group, Panel, Separator, useDefaultLayout } from 'react-resizable-panels';
import { useCommand } from '../../state/commands.ts';
import { useLive } from '../../state/live-context.ts';
import { useParam } from '../../state/place.ts';
import { useSignal } from '../../state/signal.ts';
import { ChunkDrawer } from './chunk-drawer.tsx';
import { History } from './history.tsx';
import { Lanes } from './lanes.tsx';
import { MemoryRow } from './memory-row.tsx';
import { Present } from './present.tsx';
import type { Presentation } from './presentation.ts';
import { ReadoutRegion } from './readout.tsx';
import { StripRow } from './strip-row.tsx';
import { TimeBar } from './time-bar.tsx';
import { useTimeCommands, useTimeInAddress } from './use-time.ts';
import { lazily } from '../../ui/lazily.ts';
import styles from './live-view.module.css';

/** After the first load, which it would make a quarter heavier. */
const LiveRequests = lazily(async () => (await import('../requests/live-requests.tsx')).LiveRequests);

export function LiveView() {
  const { store, timeline } = useLive();
  useSignal(store.connectionChanged);
  useSignal(timeline.settled);
  useTimeInAddress();
  useTimeCommands();
  const [presentation, setPresentation] = usePresentation();
  return (
    <main
      className={styles['live']}
      data-stale={store.connection.kind !== 'live'}
      data-paused={timeline.pausedAt !== undefined}
      data-testid="live"
    >
      <TimeBar />
      <Rows id="live-view">
        <Panel id="history" defaultSize="58%" minSize={260}>
          <History presentation={presentation}>
            <Rows id="live-history">
              <Panel id="memory" defaultSize={176} minSize={120} groupResizeBehavior="preserve-pixel-size">
                <MemoryRow presentation={presentation} />
              </Panel>
              <Divider name="Memory and windows" />
              {/* Its head, the verdict, and one lane. */}
              <Panel id="windows" minSize={103}>
                <Lanes presentation={presentation} onPresent={setPresentation} />
              </Panel>
              <Divider name="Windows and requests" />
              <Panel
                id="strip"
                defaultSize={74}
                minSize={44}
                maxSize={200}
                groupResizeBehavior="preserve-pixel-size"
              >
                <StripRow presentation={presentation} />
              </Panel>
            </Rows>
          </History>
        </Panel>
        <Divider name="History and table" />
        <Panel id="table" minSize={120}>
          <div className={styles['bottom']}>
            <Suspense fallback={<section aria-label="Requests" />}>
              <LiveRequests />
            </Suspense>
            <ChunkDrawer />
            <Present />
          </div>
        </Panel>
      </Rows>
      <ReadoutRegion />
    </main>
  );
}

/** Rows whose heights somebody may change; they stay so. */
function Rows({ id, children }: { readonly id: string; readonly children: ReactNode }) {
  const { defaultLayout, onLayoutChanged } = useDefaultLayout({ id, onlySaveAfterUserInteractions: true });
  return (
    <Group
      id={id}
      orientation="vertical"
      className={styles['rows']}
      disableCursor
      {...(defaultLayout ? { defaultLayout } : {})}
      onLayoutChanged={onLayoutChanged}
    >
      {children}
    </Group>
  );
}

/** Between two rows: dragged, or moved with the arrow keys. */
function Divider({ name }: { readonly name: string }) {
  return <Separator className={styles['divider']} aria-label={`${name}: height`} />;
}

/** Pictures, or the tables behind them. */
function usePresentation(): [Presentation, (next: Presentation) => void] {
  const [shown, show] = useParam('show');
  const presentation = shown === 'tables' ? 'tables' : 'charts';
  const present = (next: Presentation): void => show(next === 'tables' ? 'tables' : undefined, 'replace');
  useCommand('view.tables', () => present(presentation === 'charts' ? 'tables' : 'charts'));
  return [presentation, present];
}
