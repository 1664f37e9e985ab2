/** The line of the scrubber: RSS as an area with an edge, the ledger as a darker one within it, hatched where nothing was recorded. */
import type { Flag } from '../../playback/flags.ts';
import type { Overview } from '../../playback/overview.ts';
import type { Paint, Surface } from '../../ui/paint-loop.ts';
import { palette } from '../../ui/palette.ts';
import { hatchPattern } from '../live/patterns.ts';

/** A longer time between two blocks is one of which nobody knows anything, in milliseconds. */
const longestGapMs = 4000;

/** `version`: another one paints the same anew. */
export function overviewPainter(overview: Overview, version: number): Paint {
  let painted = Number.NaN;
  return (surface) => {
    if (!surface.fresh && painted === version) return;
    painted = version;
    draw(surface, overview);
  };
}

function draw(surface: Surface, { blocks, ledgerBytes, rssBytes }: Overview): void {
  const { context, width, height, ratio } = surface;
  context.clearRect(0, 0, width, height);
  const [first] = blocks;
  const last = blocks.at(-1);
  if (!first || !last) return;
  const lengthMs = Math.max(1, last.lastAt - first.firstAt);
  // On whole pixels: neighbours leave no seam.
  const xOf = (at: number): number => Math.round(((at - first.firstAt) / lengthMs) * width);
  const most = Math.max(1, ...numbersIn(ledgerBytes), ...numbersIn(rssBytes));
  const yOf = (bytes: number): number => height - (bytes / most) * (height - 2 * ratio);
  const colors = palette();
  for (const [index, block] of blocks.entries()) {
    const end = blocks[index + 1]?.firstAt ?? block.lastAt;
    const isGap = end - block.lastAt > longestGapMs;
    const [from, to] = [xOf(block.firstAt), xOf(isGap ? block.lastAt : end)];
    const fill = (bytes: number, color: string, tall: number): void => {
      if (!(bytes > 0)) return;
      context.fillStyle = color;
      const top = yOf(bytes);
      context.fillRect(from, top, Math.max(1, to - from), Math.min(tall, height - top));
    };
    const rss = rssBytes[index] ?? Number.NaN;
    fill(rss, colors['line'], height);
    fill(ledgerBytes[index] ?? Number.NaN, colors['cached'], height);
    fill(rss, colors['text-2'], ratio);
    if (!isGap) continue;
    context.fillStyle = hatchPattern(context, colors['line'], ratio);
    context.fillRect(to, 0, xOf(end) - to, height);
  }
}

function numbersIn(values: Float64Array): readonly number[] {
  return [...values].filter((value) => !Number.isNaN(value));
}

export interface FlagCluster {
  readonly share: number;
  readonly flags: readonly Flag[];
}

/** Flags nearer than this share of the line would cover each other. */
const nearShare = 0.02;

/** Flags of the same place together, in the order of their times. */
export function clustersOf(flags: readonly Flag[], firstAt: number, lastAt: number): readonly FlagCluster[] {
  const clusters: { readonly share: number; readonly flags: Flag[] }[] = [];
  for (const flag of flags) {
    const share = Math.min(1, Math.max(0, (flag.at - firstAt) / Math.max(1, lastAt - firstAt)));
    const before = clusters.at(-1);
    if (before && share - before.share < nearShare) before.flags.push(flag);
    else clusters.push({ share, flags: [flag] });
  }
  return clusters;
}
