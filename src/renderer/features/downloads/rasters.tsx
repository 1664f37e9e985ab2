import { useMemo } from 'react';
import { rowsOf } from '../../state/lane-history.ts';
import type { LaneView } from '../../state/lane-list.ts';
import { useLive } from '../../state/live-context.ts';
import { useParam } from '../../state/place.ts';
import { useSignal } from '../../state/signal.ts';
import { Canvas } from '../../ui/canvas.tsx';
import { Segments } from '../../ui/segments.tsx';
import { DiagnosisChip } from '../live/diagnosis-chip.tsx';
import { LaneTable } from '../live/lane-table.tsx';
import { countSlots, paceWords, rateWords, slotSummary, windowWords } from '../live/lane-words.ts';
import { rasterPainter } from '../live/raster.ts';
import { axisTicks } from '../live/time-axis.ts';
import section from '../../ui/section.module.css';
import styles from './rasters.module.css';

/** Readers that can be chosen from; the others are counted. */
const mostChoices = 6;

interface RastersProps {
  /** Lanes of the transfers that read the download, or did so just now. */
  readonly lanes: readonly number[];
  /** How many read it now. */
  readonly readers: number;
  readonly isTable: boolean;
}

/** The transfers that read the download, one of them with each slot of its window over time. */
export function Rasters({ lanes, readers, isTable }: RastersProps) {
  const { store } = useLive();
  useSignal(store.changed.lanes);
  const [chosen, choose] = useParam('lane');
  const views = store.lanes.views.filter(({ lane }) => lanes.includes(lane.id));
  const view = views.find(({ lane }) => String(lane.id) === chosen) ?? views[0];
  return (
    <section className={styles['rasters']} aria-labelledby="rasters-title">
      <header className={section['head']}>
        <h3 id="rasters-title">Slots</h3>
        {view ? <Facts view={view} /> : <span className={section['summary']}>{emptyWords(readers)}</span>}
        {views.length > 1 && view && (
          <Segments
            label="Reader"
            value={view.lane.id}
            onChange={(id) => choose(String(id), 'replace')}
            options={views.slice(0, mostChoices).map(({ lane }, index) => ({
              value: lane.id,
              name: `Reader ${index + 1}: ${lane.client}`,
              content: index + 1,
            }))}
          />
        )}
        {views.length > mostChoices && (
          <span className={section['summary']}>{views.length - mostChoices} more</span>
        )}
      </header>
      {view &&
        (isTable ? (
          <LaneTable
            rows={views.map((each) => ({ view: each, lane: each.lane, isAway: each.endedAt !== undefined }))}
          />
        ) : (
          <Raster key={view.lane.id} view={view} />
        ))}
    </section>
  );
}

function emptyWords(readers: number): string {
  return readers === 0 ? 'no transfer reads it now' : 'its readers are not among the lanes that are shown';
}

function Facts({ view }: { readonly view: LaneView }) {
  const { store } = useLive();
  const { lane, diagnosisSince } = view;
  const sinceMs = (store.currentFrame?.at ?? diagnosisSince) - diagnosisSince;
  return (
    <>
      <DiagnosisChip lane={lane} sinceMs={sinceMs} chunkBytes={store.currentHello?.chunkBytes ?? 1} />
      <span className={section['summary']} title={`${lane.object} to ${lane.client}: ${paceWords(lane)}`}>
        {lane.client} · {windowWords(lane)} · {slotSummary(countSlots(lane))} · {rateWords(lane)}
      </span>
    </>
  );
}

/** A row of the raster is so high, and the raster at least and at most, in pixels. */
const rowHeight = 10;
const leastHeight = 56;
const mostHeight = 128;

function Raster({ view }: { readonly view: LaneView }) {
  const { store, timeline } = useLive();
  useSignal(timeline.changed);
  const paint = useMemo(() => rasterPainter(store, timeline, view), [store, timeline, view]);
  const { lane } = view;
  const height = Math.min(mostHeight, Math.max(leastHeight, rowsOf(lane.windowLimit) * rowHeight));
  return (
    <div className={styles['frame']}>
      <div className={styles['slots']} aria-hidden="true">
        <span>slot 1</span>
        <span>{lane.windowLimit}</span>
      </div>
      <div className={styles['plot']} style={{ height }}>
        <Canvas
          paint={paint}
          label={`Slots of ${lane.object} to ${lane.client} over time: ${slotSummary(countSlots(lane))}, ${windowWords(lane)}`}
          className={styles['canvas']}
          testId="download-raster"
        />
      </div>
      <div className={styles['axis']} aria-hidden="true">
        {axisTicks(timeline).map(({ label, share }) => (
          <span key={label} style={{ right: `${share * 100}%` }}>
            {label}
          </span>
        ))}
      </div>
    </div>
  );
}
