import { memo, useMemo } from 'react';
import type { Lane } from '#shared/model.ts';
import { formatBytes, formatDuration } from '#shared/units.ts';
import { rowsOf } from '../../state/lane-history.ts';
import type { LaneView } from '../../state/lane-list.ts';
import { useLive } from '../../state/live-context.ts';
import { Canvas } from '../../ui/canvas.tsx';
import { formatShare } from '../../ui/format.ts';
import type { Paint } from '../../ui/paint-loop.ts';
import { drawStrip, stripLayout } from './cells.ts';
import { DiagnosisChip } from './diagnosis-chip.tsx';
import { countSlots, paceWords, rateWords, slotSummary, windowWords } from './lane-words.ts';
import { ObjectName } from './object-name.tsx';
import { rasterPainter } from './raster.ts';
import styles from './lane-row.module.css';

interface LaneRowProps {
  readonly view: LaneView;
  /** What has changed in the view, as values, so that React sees it. */
  readonly lane: Lane;
  readonly endedAt: number | undefined;
}

/** One transfer: who, what each slot of its window did, and what each does now. */
export const LaneRow = memo(function LaneRow({ view, lane, endedAt }: LaneRowProps) {
  const isEnded = endedAt !== undefined;
  return (
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
      data-ended={isEnded}
      aria-label={`${lane.object} to ${lane.client}`}
    >
      <Label view={view} lane={lane} isEnded={isEnded} />
      <Raster view={view} lane={lane} />
      <Now view={view} lane={lane} isEnded={isEnded} />
    </li>
  );
});

interface PartProps {
  readonly view: LaneView;
  readonly lane: Lane;
}

function Label({ view, lane, isEnded }: PartProps & { readonly isEnded: boolean }) {
  const { store } = useLive();
  const sinceMs = (store.currentFrame?.at ?? view.diagnosisSince) - view.diagnosisSince;
  const title = `${lane.object}\n${formatBytes(lane.sentBytes)} of ${formatBytes(lane.totalBytes)} sent to ${lane.client}, range ${lane.rangeStart}–${lane.rangeEnd - 1} of ${lane.objectBytes}`;
  return (
    <div className={styles['label']}>
      <div className={styles['object']} title={title}>
        <ObjectName name={lane.object} />
      </div>
      <div className={styles['who']}>
        {isEnded ? (
          <span className={styles['ended']}>ended</span>
        ) : (
          <DiagnosisChip lane={lane} sinceMs={sinceMs} />
        )}
        <span className={styles['client']}>{lane.client}</span>
        <span className={styles['share']}>{formatShare(lane.sentBytes, lane.totalBytes)}</span>
      </div>
      <i
        className={styles['progress']}
        style={{ transform: `scaleX(${lane.sentBytes / Math.max(1, lane.totalBytes)})` }}
      />
    </div>
  );
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

function Now({ view, lane, isEnded }: PartProps & { readonly isEnded: boolean }) {
  const paint = useMemo<Paint>(
    () =>
      ({ context, width, height, ratio }) => {
        context.setTransform(1, 0, 0, 1, 0, 0);
        context.clearRect(0, 0, width, height);
        context.scale(ratio, ratio);
        const { slots, window, windowLimit } = view.lane;
        const isEnded = view.endedAt !== undefined;
        drawStrip(context, isEnded ? { slots: [], window: 0, windowLimit } : { slots, window, windowLimit });
      },
    [view],
  );
  const summary = slotSummary(countSlots(lane));
  const { width, height } = stripLayout(lane.windowLimit);
  return (
    <div className={styles['now']} data-wide={lane.windowLimit > slotsBesideFacts}>
      <div className={styles['slots']}>
        <div className={styles['strip']}>
          <span aria-hidden="true" title="The head: the next byte to be sent">
            ▸
          </span>
          <div style={{ width, height }}>
            <Canvas
              paint={paint}
              label={`Slots of ${lane.object} now: ${summary}, ${windowWords(lane)}`}
              className={styles['fill']}
              testId="slot-strip"
            />
          </div>
        </div>
        <p>
          {isEnded
            ? `${formatBytes(lane.sentBytes)} sent in ${formatDuration((view.endedAt ?? 0) - lane.startedAt)}`
            : summary}
        </p>
      </div>
      {!isEnded && <Facts lane={lane} />}
    </div>
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
