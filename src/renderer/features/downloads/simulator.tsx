import { useMemo } from 'react';
import type { DownloadDetail } from '#shared/download-model.ts';
import { formatBytes, formatDuration, formatShare, KiB, MiB } from '#shared/units.ts';
import { maxSimulatedChunks, recordedCurve, simulateWindow } from '#shared/window-simulator.ts';
import { useLive } from '../../state/live-context.ts';
import type { Piece } from '../../state/pieces.ts';
import { useParam } from '../../state/place.ts';
import { Measure } from './measure.tsx';
import { recordedFetches, residence } from './piece-times.ts';
import { SimulatorCurve } from './simulator-curve.tsx';
import section from '../../ui/section.module.css';
import styles from './simulator.module.css';

interface SimulatorProps {
  readonly detail: DownloadDetail;
  readonly pieces: readonly Piece[];
  /** Milliseconds since the download's start. */
  readonly now: number;
  readonly isTable: boolean;
}

const slotLimits = { least: 1, most: 64 };
const chunkLimits = { least: 64 * KiB, most: 64 * MiB };
/** Bytes per second. */
const drainLimits = { least: KiB, most: 4096 * MiB };

/** Tries other measures of the window on the fetches that were recorded. */
export function Simulator({ detail, pieces, now, isTable }: SimulatorProps) {
  const { store } = useLive();
  const { fetches, bytes } = useMemo(() => recordedFetches(pieces), [pieces]);
  const recorded = useMemo(() => recordedCurve(pieces.map((piece) => residence(piece, now))), [pieces, now]);
  const defaultSlots = store.currentHello?.window ?? 8;
  const [slots, setSlots] = useFigure('slots', defaultSlots, slotLimits);
  const [chunkBytes, setChunkBytes] = useFigure('size', detail.chunkBytes, chunkLimits);
  const measured = useDrain(detail);
  const [drain, setDrain] = useFigure('drain', measured, drainLimits);
  const isTooFine = bytes / chunkBytes > maxSimulatedChunks;
  const outcome = useMemo(
    () =>
      fetches.length === 0 || isTooFine
        ? undefined
        : simulateWindow({ slots, chunkBytes, objectBytes: bytes, drainBytesPerMs: drain / 1000, fetches }),
    [slots, chunkBytes, bytes, drain, fetches, isTooFine],
  );
  return (
    <aside className={styles['simulator']} aria-labelledby="simulator-title" data-testid="simulator">
      <header className={section['head']}>
        <h3 id="simulator-title">Another window</h3>
      </header>
      <div className={styles['body']}>
        <Measure
          name="Slots"
          value={slots}
          limits={slotLimits}
          scale="linear"
          kind="count"
          onChange={setSlots}
        />
        <Measure
          name="Chunk"
          value={chunkBytes}
          limits={chunkLimits}
          scale="powers of two"
          kind="bytes"
          onChange={setChunkBytes}
        />
        <Measure
          name="Client takes"
          value={drain}
          limits={drainLimits}
          scale="powers of two"
          kind="rate"
          onChange={setDrain}
        />
        {outcome ? (
          <>
            <p className={styles['verdict']} data-testid="simulator-verdict">
              With {slots} {slots === 1 ? 'slot' : 'slots'} of {formatBytes(chunkBytes)} this would have
              peaked at <strong>{formatBytes(outcome.peakBytes)}</strong>
            </p>
            <dl className={styles['figures']}>
              <dt aria-hidden="true" />
              <dd>simulated</dd>
              <dd>recorded</dd>
              <dt>Peak</dt>
              <dd>{formatBytes(outcome.peakBytes)}</dd>
              <dd>{formatBytes(recorded.peakBytes)}</dd>
              <dt>Takes</dt>
              <dd>{formatDuration(outcome.durationMs)}</dd>
              <dd>{formatDuration(detail.download.lastAt - detail.download.startedAt)}</dd>
              <dt>Starved</dt>
              <dd>{formatShare(outcome.starvedMs, outcome.durationMs)}</dd>
              <dd>–</dd>
            </dl>
            <SimulatorCurve
              curves={{ simulated: outcome.curve, recorded: recorded.curve, limitBytes: slots * chunkBytes }}
              isTable={isTable}
            />
          </>
        ) : (
          <p className={styles['quiet']}>
            {isTooFine
              ? 'Too many chunks to play again: choose a larger chunk.'
              : 'No piece is complete yet: there is nothing to play again.'}
          </p>
        )}
        <details className={styles['assumed']}>
          <summary>What is assumed</summary>
          <ul>
            <li>
              One client reads the {formatBytes(bytes)} that were fetched, in order, at a steady pace
              {measured === drain ? ' (the default is what was measured)' : ''}.
            </li>
            <li>
              A request takes what the recorded one at its place took, its transfer in proportion to its
              bytes.
            </li>
            <li>Requests do not slow each other down, and wait for no permit.</li>
            <li>A slot is asked for when it is free, and free when its last byte has gone out.</li>
            <li>Recorded is from taking memory until no transfer wanted it, of all readers together.</li>
          </ul>
        </details>
      </div>
    </aside>
  );
}

/** A number in the address, within its limits. */
function useFigure(
  name: string,
  standard: number,
  { least, most }: { readonly least: number; readonly most: number },
): readonly [number, (value: number) => void] {
  const [text, set] = useParam(name);
  const parsed = text === undefined ? Number.NaN : Number(text);
  const value = Number.isFinite(parsed) ? Math.min(most, Math.max(least, Math.round(parsed))) : standard;
  return [value, (next) => set(next === standard ? undefined : String(next), 'replace')];
}

/** What the client takes, in bytes per second: of the first reader that takes anything, else what the fetching came to. */
function useDrain({ lanes, download }: DownloadDetail): number {
  const { store } = useLive();
  const reader = store.lanes.views.find(
    ({ lane }) => lanes.includes(lane.id) && lane.drainBytesPerSecond > 0,
  );
  const seconds = Math.max(0.001, (download.lastAt - download.startedAt) / 1000);
  const rate = reader?.lane.drainBytesPerSecond ?? download.fetchedBytes / seconds;
  return Math.min(drainLimits.most, Math.max(drainLimits.least, Number(rate.toPrecision(2))));
}
