import { useMemo, useState } from 'react';
import type { Memory } from '#shared/model.ts';
import { formatBytes, formatShare } from '#shared/units.ts';
import { useLive } from '../../state/live-context.ts';
import { useSignal } from '../../state/signal.ts';
import { Canvas } from '../../ui/canvas.tsx';
import type { Presentation } from './presentation.ts';
import { type ChartScale, memoryPainter } from './memory-chart.ts';
import { MemoryTable } from './memory-table.tsx';
import { Tank } from './tank.tsx';
import { useTimeKeys } from './use-time.ts';
import styles from './memory-row.module.css';

/** The promise: what is resident, what it is for, and the line that it never passes. */
export function MemoryRow({ presentation }: { readonly presentation: Presentation }) {
  const [scale] = useState<ChartScale>(() => ({ topBytes: 0 }));
  return (
    <section className={styles['row']} aria-labelledby="memory-title">
      <Scale scale={scale} />
      {presentation === 'charts' ? <Chart scale={scale} /> : <MemoryTable />}
      <Tank />
    </section>
  );
}

interface ScaleProps {
  /** Written by the chart's painter. */
  readonly scale: ChartScale;
}

const shares = [0.75, 0.5, 0.25] as const;

function Scale({ scale }: ScaleProps) {
  const { store } = useLive();
  useSignal(store.changed.memory);
  const { topBytes } = scale;
  return (
    <div className={styles['gutter']}>
      <h2 id="memory-title">Memory</h2>
      <ol className={styles['scale']} aria-hidden="true">
        {topBytes > 0 &&
          shares.map((share) => (
            <li key={share} style={{ bottom: `${share * 100}%` }}>
              {formatBytes(topBytes * share)}
            </li>
          ))}
      </ol>
    </div>
  );
}

function Chart({ scale }: ScaleProps) {
  const { store, timeline } = useLive();
  useSignal(store.changed.memory);
  const paint = useMemo(() => memoryPainter(store, timeline, scale), [store, timeline, scale]);
  const label = describe(store.currentFrame?.memory);
  const onKeyDown = useTimeKeys();
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the cursor's keys
    <section
      className={styles['plot']}
      aria-label="Memory over time"
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the cursor's keys
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <Canvas paint={paint} label={label} className={styles['chart']} testId="memory-chart" />
    </section>
  );
}

function describe(memory: Memory | undefined): string {
  if (!memory) return 'Memory over time: nothing yet';
  const { ledgerBytes, budgetBytes, byState } = memory;
  const usedBytes = ledgerBytes - byState.spare;
  return (
    `Memory over time. Now the window holds ${formatBytes(usedBytes)} of ${formatBytes(budgetBytes)}, ` +
    `${formatShare(byState.held, usedBytes)} of it held`
  );
}
