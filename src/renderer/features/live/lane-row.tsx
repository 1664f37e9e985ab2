import { memo, type MouseEvent, useMemo } from 'react';
import type { Lane } from '#shared/model.ts';
import { formatBytes, formatDuration, formatShare } from '#shared/units.ts';
import { rowsOf } from '../../state/lane-history.ts';
import type { LaneView } from '../../state/lane-list.ts';
import { useLive } from '../../state/live-context.ts';
import { Canvas } from '../../ui/canvas.tsx';
import type { Paint } from '../../ui/paint-loop.ts';
import { type Cell, drawStrip, slotAtPoint, stripLayout } from './cells.ts';
import { DiagnosisChip } from './diagnosis-chip.tsx';
import { countSlots, paceWords, rateWords, slotSummary, windowWords } from './lane-words.ts';
import { ObjectName } from './object-name.tsx';
import { rasterPainter } from './raster.ts';
import type { Selection } from './selection.ts';
import styles from './lane-row.module.css';

interface LaneRowProps {
  readonly view: LaneView;
  /** As it is, or as it was at the instant that is shown: values, so that React sees what has changed. */
  readonly lane: Lane;
  /** It is not there at that instant: not yet, or no more. */
  readonly isAway: boolean;
  readonly sinceMs: number;
  readonly emphasis: 'plain' | 'selected' | 'dimmed';
  readonly cursor: number | undefined;
  readonly select: Selection['select'];
}

/** One transfer: who, what each slot of its window did, and what each does now. */
export const LaneRow = memo(function LaneRow(props: LaneRowProps) {
  const { view, lane, isAway, emphasis, select } = props;
  const choose = (event: MouseEvent): void => {
    if (event.target instanceof HTMLElement && event.target.closest('button, a') !== null) return;
    select(emphasis === 'selected' ? undefined : lane.id);
  };
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions -- its name is a button
    <li
      className={styles['lane']}
      data-testid="lane"
      data-lane-id={lane.id}
      data-object={lane.object}
      data-client={lane.client}
      data-diagnosis={lane.diagnosis}
      data-held-bytes={lane.heldBytes}
      data-window={lane.window}
      data-sent-bytes={lane.sentBytes}
      data-mode={lane.mode}
      data-ended={isAway}
      data-over={view.endedAt !== undefined && isAway}
      data-emphasis={emphasis}
      data-states={lane.slots.map(({ state }) => state).join(' ')}
      aria-label={`${lane.object} to ${lane.client}`}
      onClick={choose}
    >
      <Label {...props} />
      <Raster view={view} lane={lane} />
      <Now {...props} />
    </li>
  );
});

function Label({ view, lane, isAway, sinceMs, emphasis, select }: LaneRowProps) {
  const { store } = useLive();
  const title = `${lane.object}\n${formatBytes(lane.sentBytes)} of ${formatBytes(lane.totalBytes)} sent to ${lane.client}, range ${lane.rangeStart}–${lane.rangeEnd - 1} of ${lane.objectBytes}`;
  return (
    <div className={styles['label']}>
      <button
        type="button"
        className={styles['object']}
        title={title}
        aria-pressed={emphasis === 'selected'}
        tabIndex={-1}
        onClick={() => select(emphasis === 'selected' ? undefined : lane.id)}
      >
        <span>
          <ObjectName name={lane.object} />
        </span>
        <span className={styles['share']}>{formatShare(lane.sentBytes, lane.totalBytes)}</span>
      </button>
      <div className={styles['who']}>
        {isAway ? (
          <span className={styles['ended']}>{view.endedAt === undefined ? 'not there' : 'ended'}</span>
        ) : (
          <DiagnosisChip lane={lane} sinceMs={sinceMs} chunkBytes={store.currentHello?.chunkBytes ?? 1} />
        )}
        <span className={styles['client']}>{lane.client}</span>
      </div>
      <i
        className={styles['progress']}
        style={{ transform: `scaleX(${lane.sentBytes / Math.max(1, lane.totalBytes)})` }}
      />
    </div>
  );
}

interface PartProps {
  readonly view: LaneView;
  readonly lane: Lane;
}

function Raster({ view, lane }: PartProps) {
  const { store, timeline } = useLive();
  const paint = useMemo(() => rasterPainter(store, timeline, view), [store, timeline, view]);
  const label = `Slots of ${lane.object} over time: ${lane.diagnosis}`;
  return (
    <div className={styles['raster']}>
      <div style={{ height: Math.min(96, Math.max(28, rowsOf(lane.windowLimit) * 2)) }}>
        <Canvas paint={paint} label={label} className={styles['fill']} />
      </div>
    </div>
  );
}

/** A longer strip has its facts below. */
const slotsBesideFacts = 9;

function Now(props: LaneRowProps) {
  const { view, lane, isAway, select, cursor } = props;
  const paint = useStripPaint(view, cursor);
  const summary = slotSummary(countSlots(lane));
  const { width, height } = stripLayout(lane.windowLimit);
  const open = (event: MouseEvent): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const at = { x: event.clientX - box.left, y: event.clientY - box.top };
    const slot = isAway ? undefined : lane.slots[slotAtPoint(lane.windowLimit, at)];
    if (!slot) return;
    event.stopPropagation();
    select(lane.id, slot.start);
  };
  return (
    <div className={styles['now']} data-wide={lane.windowLimit > slotsBesideFacts}>
      <div className={styles['slots']}>
        <div className={styles['strip']}>
          <span aria-hidden="true" title="The head: the next byte to be sent">
            ▸
          </span>
          {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions -- Enter on the lane does it */}
          <div style={{ width, height }} onClick={open} data-testid="slots">
            <Canvas
              paint={paint}
              label={`Slots of ${lane.object} now: ${summary}, ${windowWords(lane)}`}
              className={styles['fill']}
              testId="slot-strip"
            />
          </div>
        </div>
        <p>
          {isAway && view.endedAt !== undefined
            ? `${formatBytes(lane.sentBytes)} sent in ${formatDuration(view.endedAt - lane.startedAt)}`
            : isAway
              ? ''
              : summary}
        </p>
      </div>
      {!isAway && <Facts lane={lane} />}
    </div>
  );
}

/** Draws the slots of the instant that is shown; those of a transfer that was broken off as cancelled. */
function useStripPaint(view: LaneView, cursor: number | undefined): Paint {
  const { store, timeline } = useLive();
  return useMemo<Paint>(
    () =>
      ({ context, width, height, ratio }) => {
        context.setTransform(1, 0, 0, 1, 0, 0);
        context.clearRect(0, 0, width, height);
        context.scale(ratio, ratio);
        const lane = store.laneAt(view, timeline.instant);
        const { windowLimit } = view.lane;
        if (lane) {
          drawStrip(context, { slots: lane.slots, window: lane.window, windowLimit, cursor });
          return;
        }
        const wasBrokenOff = view.endedAt !== undefined && view.lane.sentBytes < view.lane.totalBytes;
        const slots: readonly Cell[] = wasBrokenOff
          ? view.lane.slots.map((slot) => ({ ...slot, state: 'cancelled', tier: undefined }))
          : [];
        drawStrip(context, { slots, window: 0, windowLimit, cursor: undefined });
      },
    [view, store, timeline, cursor],
  );
}

const modeMeanings: Readonly<Record<Lane['mode'], string>> = {
  'zero-copy': 'Its bytes go to the socket straight from the slabs',
  bounce: 'It is slow while pins are scarce: its bytes go through a 64 KiB buffer of its own and pin no slab',
};

/** How it goes: rates, what the client takes, and what the transfer may have. */
function Facts({ lane }: { readonly lane: Lane }) {
  return (
    <ul className={styles['facts']} data-testid="lane-facts">
      <li>{rateWords(lane)}</li>
      <li title="What the client takes while it has something to take; and the share of its life in which it would have taken bytes and there were none">
        {paceWords(lane)}
      </li>
      <li title={modeMeanings[lane.mode]}>
        {windowWords(lane)} · {lane.isWaitingForMemory ? 'waits for a slab' : lane.mode}
      </li>
    </ul>
  );
}
