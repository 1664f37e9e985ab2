import { type KeyboardEvent, useRef, useState } from 'react';
import type { Lane } from '#shared/model.ts';
import { type Diagnosis, diagnoses } from '#shared/vocabulary/live.ts';
import { formatCount } from '#shared/units.ts';
import { columnMs } from '../../state/columns.ts';
import type { LaneView } from '../../state/lane-list.ts';
import { type Live, useLive } from '../../state/live-context.ts';
import { useSignal } from '../../state/signal.ts';
import { DiagnosisIcon, Icon, tablePath } from '../../ui/icons.tsx';
import { chipWords } from './diagnosis-chip.tsx';
import { NothingYet, NoTransfer } from './empty.tsx';
import { LaneRow } from './lane-row.tsx';
import { LaneTable } from './lane-table.tsx';
import { countSlots, slotSummary } from './lane-words.ts';
import type { Presentation } from './presentation.ts';
import { readout } from './readout.tsx';
import { useSelection } from './selection.ts';
import { useTimeKeys } from './use-time.ts';
import { VerdictLine } from './verdict-line.tsx';
import styles from './lanes.module.css';

interface LanesProps {
  readonly presentation: Presentation;
  readonly onPresent: (next: Presentation) => void;
}

/** A lane at the instant that is shown. */
export interface ShownLane {
  readonly view: LaneView;
  readonly lane: Lane;
  readonly isAway: boolean;
  readonly sinceMs: number;
}

/** The lanes of the window that is shown, each as it is, or was at the instant that is pointed at. */
export function shownLanes({ store, timeline }: Live): readonly ShownLane[] {
  const { instant, isLive, pausedAt, window } = timeline;
  const past = pausedAt === undefined ? store.lanes.during(window) : store.lanes.at(pausedAt / columnMs);
  const now = store.currentFrame?.at ?? 0;
  return (isLive ? store.lanes.views : past).map((view) => {
    const lane = store.laneAt(view, instant);
    const sinceMs =
      instant === undefined ? now - view.diagnosisSince : store.laneHistory.diagnosedMs(view.track, instant);
    return { view, lane: lane ?? view.lane, isAway: lane === undefined, sinceMs };
  });
}

/** Why the memory is where it is: one lane for each transfer. */
export function Lanes({ presentation, onPresent }: LanesProps) {
  const live = useLive();
  const { store, timeline } = live;
  useSignal(store.changed.lanes);
  useSignal(timeline.settled);
  const lanes = shownLanes(live);
  const active = lanes.filter(({ isAway }) => !isAway);
  const memory = store.currentFrame?.memory;
  const isTable = presentation === 'tables';
  return (
    <section className={styles['windows']} aria-labelledby="windows-title">
      <header className={styles['head']}>
        <h2 id="windows-title">Windows</h2>
        <div className={styles['summary']} data-testid="lanes-summary">
          {memory && (
            <span title="In progress, and the most that may be">
              {formatCount(memory.transfers)} of {formatCount(memory.maxTransfers)} transfers
            </span>
          )}
          {timeline.isLive && store.lanes.hidden > 0 && (
            <span data-testid="lanes-hidden">{formatCount(store.lanes.hidden)} not shown</span>
          )}
          <Diagnoses lanes={active} />
        </div>
        <button
          type="button"
          className={styles['twin']}
          aria-pressed={isTable}
          title="Pictures or tables (t)"
          onClick={() => onPresent(isTable ? 'charts' : 'tables')}
        >
          <Icon path={tablePath} />
          Tables
        </button>
      </header>
      <VerdictLine lanes={active} isEmpty={lanes.length === 0} />
      {isTable ? (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must reach it
        <section className={styles['scroller']} aria-label="Transfers" tabIndex={0}>
          <LaneTable rows={lanes} />
        </section>
      ) : (
        <LaneRows lanes={lanes} />
      )}
    </section>
  );
}

function LaneRows({ lanes }: { readonly lanes: readonly ShownLane[] }) {
  const { laneId, select } = useSelection();
  const list = useRef<HTMLUListElement>(null);
  const { cursor, onKeyDown } = useLaneCursor(lanes, list);
  const isAnySelected = lanes.some(({ lane }) => lane.id === laneId);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex, jsx-a11y/no-noninteractive-element-interactions -- the cursor's keys; and it scrolls
    <section className={styles['scroller']} aria-label="Transfers" tabIndex={0} onKeyDown={onKeyDown}>
      {lanes.length === 0 && <Empty />}
      <ul ref={list}>
        {lanes.map(({ view, lane, isAway, sinceMs }) => (
          <LaneRow
            key={`${view.track} ${lane.id}`}
            view={view}
            lane={lane}
            isAway={isAway}
            sinceMs={Math.floor(sinceMs / 100) * 100}
            emphasis={!isAnySelected ? 'plain' : lane.id === laneId ? 'selected' : 'dimmed'}
            cursor={cursor?.laneId === lane.id ? cursor.slot : undefined}
            select={select}
          />
        ))}
      </ul>
    </section>
  );
}

interface Cursor {
  readonly laneId: number;
  readonly slot: number;
}

/**
 * The keyboard's cursor: up and down choose a lane, left and right move in time, with Alt from slot to slot; Enter
 * opens the slot's chunk, Esc lets go of the lane.
 */
function useLaneCursor(
  lanes: readonly ShownLane[],
  list: { readonly current: HTMLUListElement | null },
): { readonly cursor: Cursor | undefined; readonly onKeyDown: (event: KeyboardEvent) => void } {
  const { loop, store } = useLive();
  const { laneId, chunkStart, select } = useSelection();
  const [slot, setSlot] = useState(0);
  const timeKeys = useTimeKeys();
  const index = lanes.findIndex(({ lane }) => lane.id === laneId);
  const shown = lanes[index];
  const say = (next: ShownLane | undefined, at: number): void => {
    if (!next) return;
    const { lane, sinceMs } = next;
    const chip = chipWords(lane, sinceMs, store.currentHello?.chunkBytes ?? 1);
    const state = lane.slots[at]?.state ?? 'free';
    readout.say(
      `${lane.object} to ${lane.client}, ${chip}, ${slotSummary(countSlots(lane))}, slot ${at} ${state}`,
    );
  };
  const choose = (next: number): void => {
    const target = lanes[Math.min(lanes.length - 1, Math.max(0, next))];
    setSlot(0);
    select(target?.lane.id);
    if (target) list.current?.children[lanes.indexOf(target)]?.scrollIntoView({ block: 'nearest' });
    say(target, 0);
  };
  const moveSlot = (step: number): void => {
    const next = Math.min((shown?.lane.slots.length ?? 1) - 1, Math.max(0, slot + step));
    setSlot(Math.max(0, next));
    say(shown, next);
    loop.request();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const vertical = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const sideways = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const chunk = shown?.lane.slots[slot];
    if (vertical !== undefined && lanes.length > 0)
      choose(index < 0 && vertical < 0 ? lanes.length - 1 : index + vertical);
    else if (sideways !== undefined && event.altKey && shown) moveSlot(sideways);
    else if (event.key === 'Enter' && chunk && !event.shiftKey) select(shown.lane.id, chunk.start);
    else if (event.key === 'Escape' && laneId !== undefined)
      select(chunkStart === undefined ? undefined : laneId);
    else return timeKeys(event);
    event.preventDefault();
  };
  return { cursor: shown && { laneId: shown.lane.id, slot }, onKeyDown };
}

function Empty() {
  const { store, timeline } = useLive();
  const frame = store.currentFrame;
  if (!frame) return null;
  if (!timeline.isLive)
    return <NoTransfer words="No transfer was in progress then, or its lane is no longer kept." />;
  return frame.totals.requests === 0 && store.requests.size === 0 ? (
    <NothingYet />
  ) : (
    <NoTransfer words="No transfer in progress. Finished requests are below." />
  );
}

/** How many lanes have which trouble; healthy ones are the rest. */
function Diagnoses({ lanes }: { readonly lanes: readonly ShownLane[] }) {
  const count = (wanted: Diagnosis): number => lanes.filter(({ lane }) => lane.diagnosis === wanted).length;
  return diagnoses
    .filter((diagnosis) => diagnosis !== 'healthy' && count(diagnosis) > 0)
    .map((diagnosis) => (
      <span key={diagnosis} className={styles['count']}>
        <DiagnosisIcon diagnosis={diagnosis} />
        {count(diagnosis)} {diagnosis}
      </span>
    ));
}
