/** The ledger as a vessel: the budget is its rim, so a full tank touches the top and nothing can stand above it. */
import type { LiveStore } from '../../state/live-store.ts';
import { figuresOf, type MemoryFigures, stackedSeries } from '../../state/memory-history.ts';
import type { Timeline } from '../../state/timeline.ts';
import type { Paint } from '../../ui/paint-loop.ts';
import { palette } from '../../ui/palette.ts';
import { stackColors } from './memory-chart.ts';
import { hatchPattern } from './patterns.ts';

/** The parts of the stack that the budget bounds. */
const ledgerSeries = stackedSeries.slice(0, stackedSeries.indexOf('heap'));
const notchWidth = 8;

export function tankPainter(store: LiveStore, timeline: Timeline): Paint {
  return ({ context, width, height, ratio }) => {
    context.clearRect(0, 0, width, height);
    const memory = store.currentFrame?.memory;
    const { instant } = timeline;
    if (!memory || (instant !== undefined && !store.clock.isKnown(instant))) return;
    const figures = figuresOf(memory);
    const value = (name: keyof MemoryFigures): number =>
      instant === undefined ? figures[name] : store.memory.value(name, instant);
    const colors = palette();
    const right = width - notchWidth * ratio;
    const full = height - 2 * ratio;
    let y = height - ratio;
    for (const name of ledgerSeries) {
      const tall = (value(name) / memory.budgetBytes) * full;
      if (!(tall > 0)) continue;
      context.fillStyle = colors[stackColors[name]];
      context.fillRect(ratio, y - tall, right - 2 * ratio, tall);
      if (name === 'reserved') {
        context.fillStyle = hatchPattern(context, colors['queued-outline'], ratio);
        context.fillRect(ratio, y - tall, right - 2 * ratio, tall);
      }
      y -= tall;
      context.fillStyle = colors.page;
      context.fillRect(ratio, y, right - 2 * ratio, ratio);
    }
    context.strokeStyle = colors['text-3'];
    context.lineWidth = ratio;
    context.strokeRect(ratio / 2, ratio / 2, right - ratio, height - ratio);
    // The rim is the budget; the small mark is the highest the ledger has ever been.
    context.fillStyle = colors.text;
    context.fillRect(0, 0, right, 2 * ratio);
    const peak = height - ratio - Math.min(1, memory.peakBytes / memory.budgetBytes) * full;
    context.beginPath();
    context.moveTo(right + ratio, peak);
    context.lineTo(width, peak - 4 * ratio);
    context.lineTo(width, peak + 4 * ratio);
    context.fill();
  };
}
