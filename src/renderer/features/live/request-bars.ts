/** Requests over time: how many finished in each pixel's columns; failures stand on top, in their own colour. */
import { columnKinds } from '../../state/columns.ts';
import type { LiveStore } from '../../state/live-store.ts';
import { columnsAt, pixelOf } from '../../state/axis.ts';
import type { Timeline } from '../../state/timeline.ts';
import type { Paint } from '../../ui/paint-loop.ts';
import { palette } from '../../ui/palette.ts';
import { hatchPattern } from './patterns.ts';

const barWidth = 3;

export function requestBarsPainter(store: LiveStore, timeline: Timeline): Paint {
  return ({ context, width, height, ratio }) => {
    const colors = palette();
    const bar = barWidth * Math.max(1, Math.round(ratio));
    const bars = Math.ceil(width / bar) + 1;
    const { right: newest, span } = timeline.window;
    const rightPixel = pixelOf(newest, span, width);
    const right = Math.floor(rightPixel / bar);
    const counts = Array.from({ length: bars }, (_, back) => {
      const pixel = (right - back) * bar;
      const from = columnsAt(pixel, span, width).from;
      const to = Math.min(newest, columnsAt(pixel + bar - 1, span, width).to);
      const gap = store.clock.kind(to) === columnKinds.gap;
      const total = store.memory.sum('requests', from, to);
      return { gap, total, failures: Math.min(total, store.memory.sum('failures', from, to)) };
    });
    const most = counts.reduce((peak, { total }) => Math.max(peak, total), 4);
    context.clearRect(0, 0, width, height);
    for (const [back, { gap, total, failures }] of counts.entries()) {
      const x = (right - back) * bar - rightPixel + width - 1;
      if (gap) {
        context.fillStyle = hatchPattern(context, colors.line, ratio);
        context.fillRect(x, 0, bar, height);
      }
      if (total === 0) continue;
      const tall = Math.max(ratio, Math.round((total / most) * height));
      const red = failures === 0 ? 0 : Math.max(2 * ratio, Math.round((failures / total) * tall));
      context.fillStyle = colors['text-3'];
      context.fillRect(x, height - tall, bar - ratio, tall);
      context.fillStyle = colors.failed;
      context.fillRect(x, height - tall, bar - ratio, red);
    }
  };
}
