/** Alerts and marks as flags along the top of a chart: alerts filled, marks hollow; what still fires has colour. */
import type { Flag } from '../../state/flags.ts';
import type { TimeWindow } from '../../state/axis.ts';
import type { Surface } from '../../ui/paint-loop.ts';
import { palette } from '../../ui/palette.ts';
import { type PlacedFlag, placeFlags } from './flag-layout.ts';

const apart = 6;
const poleHeight = 16;
const clothWidth = 8;
const clothHeight = 7;

export function drawFlags(surface: Surface, flags: readonly Flag[], timeWindow: TimeWindow): void {
  if (flags.length === 0) return;
  const { width, ratio } = surface;
  for (const placed of placeFlags(flags, { timeWindow, width, apart: apart * ratio }))
    drawFlag(surface, placed);
}

function drawFlag({ context, width, ratio }: Surface, { x, kind, isFiring }: PlacedFlag): void {
  const colors = palette();
  const color = isFiring ? colors.alarm : colors.text;
  // At the right edge the cloth hangs to the left.
  const side = x + (clothWidth + 2) * ratio > width ? -1 : 1;
  const pole = Math.round(x);
  context.fillStyle = colors.page;
  context.fillRect(pole - ratio, 0, 3 * ratio, poleHeight * ratio);
  context.beginPath();
  context.moveTo(pole + (side > 0 ? ratio : 0), ratio);
  context.lineTo(pole + side * clothWidth * ratio, (1 + clothHeight / 2) * ratio);
  context.lineTo(pole + (side > 0 ? ratio : 0), (1 + clothHeight) * ratio);
  context.closePath();
  context.lineJoin = 'miter';
  context.lineWidth = 3 * ratio;
  context.strokeStyle = colors.page;
  context.stroke();
  context.fillStyle = color;
  context.fillRect(pole, 0, ratio, poleHeight * ratio);
  context.fillStyle = kind === 'alert' ? color : colors.page;
  context.fill();
  context.lineWidth = ratio;
  context.strokeStyle = color;
  context.stroke();
}
