import { useLayoutEffect, useMemo, useRef } from 'react';
import { formatBytes, formatDuration } from '#shared/units.ts';
import type { WindowPoint } from '#shared/window-simulator.ts';
import { useLive } from '../../state/live-context.ts';
import { Canvas } from '../../ui/canvas.tsx';
import type { Paint, Surface } from '../../ui/paint-loop.ts';
import { palette } from '../../ui/palette.ts';
import twin from '../../ui/twin.module.css';
import styles from './simulator.module.css';

interface Curves {
  readonly simulated: readonly WindowPoint[];
  readonly recorded: readonly WindowPoint[];
  /** Slots × chunk: what the simulated one cannot pass. */
  readonly limitBytes: number;
}

/** Bytes in memory over time: as it was (filled), and as it would have been (line), on one scale. */
export function SimulatorCurve({ isTable, curves }: { readonly curves: Curves; readonly isTable: boolean }) {
  return isTable ? <CurveTable {...curves} /> : <CurveFigure curves={curves} />;
}

function CurveFigure({ curves }: { readonly curves: Curves }) {
  const { loop } = useLive();
  const shown = useRef(curves);
  const paint = useMemo<Paint>(() => (surface) => paintCurves(surface, shown.current), []);
  useLayoutEffect(() => {
    shown.current = curves;
    loop.request();
  }, [loop, curves]);
  const { simulated, recorded } = curves;
  const { mostMs, mostBytes } = scaleOf(curves);
  return (
    <figure className={styles['figure']}>
      <Canvas
        paint={paint}
        label={`Bytes in memory over time: at most ${formatBytes(peakOf(simulated))} simulated, ${formatBytes(peakOf(recorded))} recorded`}
        className={styles['curve']}
        testId="simulator-curve"
      />
      <figcaption>
        <span>
          <i data-kind="recorded" aria-hidden="true" /> recorded
        </span>
        <span>
          <i data-kind="simulated" aria-hidden="true" /> simulated
        </span>
        <span>
          <i data-kind="limit" aria-hidden="true" /> slots × chunk
        </span>
        <span className={styles['extent']}>
          0 – {formatDuration(mostMs)}, to {formatBytes(mostBytes)}
        </span>
      </figcaption>
    </figure>
  );
}

function peakOf(curve: readonly WindowPoint[]): number {
  return curve.reduce((most, { bytes }) => Math.max(most, bytes), 0);
}

function scaleOf({ simulated, recorded, limitBytes }: Curves): {
  readonly mostMs: number;
  readonly mostBytes: number;
} {
  const peak = Math.max(peakOf(simulated), peakOf(recorded), 1);
  return {
    mostMs: Math.max(1, simulated.at(-1)?.atMs ?? 0, recorded.at(-1)?.atMs ?? 0),
    // A limit far above both would press them flat.
    mostBytes: limitBytes <= 2 * peak ? Math.max(peak, limitBytes) : peak,
  };
}

const margin = 3;

function paintCurves({ context, width, height, ratio }: Surface, curves: Curves): void {
  const colors = palette();
  const { mostMs, mostBytes } = scaleOf(curves);
  const [right, bottom] = [width / ratio, height / ratio];
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, width, height);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  const x = (ms: number): number => (ms / mostMs) * right;
  const y = (bytes: number): number => bottom - 1 - (bytes / mostBytes) * (bottom - 1 - margin);
  const trace = (points: readonly WindowPoint[]): void => {
    context.beginPath();
    context.moveTo(0, bottom - 1);
    let before = bottom - 1;
    for (const { atMs, bytes } of points) {
      context.lineTo(x(atMs), before);
      before = y(bytes);
      context.lineTo(x(atMs), before);
    }
  };
  trace(curves.recorded);
  context.lineTo(x(curves.recorded.at(-1)?.atMs ?? 0), bottom - 1);
  context.fillStyle = colors.cached;
  context.fill();
  trace(curves.simulated);
  context.strokeStyle = colors.text;
  context.lineWidth = 1.5;
  context.stroke();
  if (curves.limitBytes > mostBytes) return;
  context.strokeStyle = colors['text-2'];
  context.lineWidth = 1;
  context.setLineDash([4, 3]);
  context.beginPath();
  context.moveTo(0, Math.round(y(curves.limitBytes)) + 0.5);
  context.lineTo(right, Math.round(y(curves.limitBytes)) + 0.5);
  context.stroke();
  context.setLineDash([]);
}

const tableRows = 24;

function CurveTable(curves: Curves) {
  const { mostMs } = scaleOf(curves);
  const times = Array.from({ length: tableRows }, (_, index) => (index * mostMs) / (tableRows - 1));
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must reach it
    <section className={twin['frame']} tabIndex={0} aria-label="The curves in numbers">
      <table className={twin['twin']} data-testid="curve-table">
        <caption className="visually-hidden">Bytes in memory over time, simulated and recorded</caption>
        <thead>
          <tr>
            {['after', 'simulated', 'recorded'].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {times.map((atMs) => (
            <tr key={atMs}>
              <th scope="row">{formatDuration(atMs)}</th>
              <td>{formatBytes(bytesAt(curves.simulated, atMs))}</td>
              <td>{formatBytes(bytesAt(curves.recorded, atMs))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function bytesAt(curve: readonly WindowPoint[], atMs: number): number {
  return curve.findLast((point) => point.atMs <= atMs)?.bytes ?? 0;
}
