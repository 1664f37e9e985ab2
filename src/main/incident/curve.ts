/** The memory of a recording as a drawing: the ledger filled, the process and V8's heap as lines, the budget dashed. */
import { formatBytes } from '#shared/units.ts';
import { maxPoints, type CurvePoint, type Digest } from './digest.ts';
import { render, raw, type Markup } from './markup.ts';

const width = 1000;
const height = 220;
const bottom = 24;
const left = 64;

/** Columns further apart than this have a gap between them: nothing was recorded, and nothing is drawn. */
const gapColumns = 6;

export function memoryCurve({ curve, budgetBytes, firstAt, lastAt, alerts, marks }: Digest): Markup {
  if (curve.length === 0) return render`<p>There is no frame in this recording.</p>`;
  const span = Math.max(1, lastAt - firstAt);
  const most = Math.max(
    budgetBytes,
    ...curve.map(({ rssBytes, ledgerBytes }) => Math.max(rssBytes, ledgerBytes)),
  );
  const top = most * 1.08;
  const x = (at: number) => round(left + ((at - firstAt) / span) * (width - left));
  const y = (bytes: number) => round((height - bottom) * (1 - bytes / top));
  const floor = y(0);
  const line = (points: readonly CurvePoint[], of: (point: CurvePoint) => number) =>
    points.map((point) => `${x(point.at)},${y(of(point))}`).join(' L');
  const gapMs = (span / maxPoints) * gapColumns + 2000;
  const stretches = stretchesOf(curve, gapMs).map((points) => {
    const from = x(points[0]?.at ?? 0);
    const to = x(points.at(-1)?.at ?? 0);
    return [
      `<path class="ledger" d="M${from},${floor} L${line(points, (point) => point.ledgerBytes)} L${to},${floor} Z"/>`,
      `<path class="heap" d="M${line(points, (point) => point.heapUsedBytes)}"/>`,
      `<path class="rss" d="M${line(points, (point) => point.rssBytes)}"/>`,
    ].join('');
  });
  const flags = [
    ...alerts.map(({ at }) => ({ at, name: 'alert' })),
    ...marks.map(({ at }) => ({ at, name: 'mark' })),
  ]
    .filter(({ at }) => at >= firstAt && at <= lastAt)
    .map(({ at, name }) => `<path class="${name}" d="M${x(at)},0 V${floor}"/>`);
  const budgetAt = y(budgetBytes);
  return render`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="Memory over time: the ledger filled, the process as a line, the budget dashed">
<path class="axis" d="M${left},${floor} H${width}"/>
${raw(stretches.join('\n'))}
<path class="budget" d="M${left},${budgetAt} H${width}"/>
${raw(flags.join(''))}
<text x="0" y="${budgetAt + 4}">${formatBytes(budgetBytes)}</text><text x="0" y="${floor}">0</text>
<text x="${left}" y="${height - 6}">filled: ledger · line: RSS · thin: V8 heap used · dashed: budget · upright: alerts and marks</text>
</svg>`;
}

function stretchesOf(curve: readonly CurvePoint[], gapMs: number): readonly (readonly CurvePoint[])[] {
  const stretches: CurvePoint[][] = [];
  let before = Number.NEGATIVE_INFINITY;
  for (const point of curve) {
    const current = stretches.at(-1);
    if (current && point.at - before <= gapMs) current.push(point);
    else stretches.push([point]);
    before = point.at;
  }
  return stretches;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
