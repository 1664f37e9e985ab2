/** How much memory each fetcher may come to for bodies: the formula, its words, and its sum. */
import { formatBytes } from '#shared/units.ts';
import type { ExperimentPlan } from './plan.ts';

/** In the order in which they run: the bug, its first fix, and the budget. */
export const variants = ['unbounded', 'windowed', 'sluice'] as const;
export type Variant = (typeof variants)[number];

export const variantTitles: Readonly<Record<Variant, string>> = {
  unbounded: 'Unbounded fetcher',
  windowed: 'A window per reader',
  sluice: 'Sluice',
};

/** The most bytes of bodies that a fetcher can have in memory. */
export function formulaBytes(plan: ExperimentPlan, variant: Variant): number {
  const { objectBytes, readers, workers, chunkBytes, budgetBytes } = plan;
  if (variant === 'unbounded') return objectBytes * readers;
  if (variant === 'windowed') return Math.min(objectBytes, 2 * workers * chunkBytes) * readers;
  return budgetBytes;
}

/** `object × readers`. */
export const formulaWords: Readonly<Record<Variant, string>> = {
  unbounded: 'object × readers',
  windowed: '2 × workers × chunk × readers',
  sluice: 'the budget',
};

/** `256 MiB × 8`: the formula with the figures of a plan in it. */
export function formulaFigures(plan: ExperimentPlan, variant: Variant): string {
  const { objectBytes, readers, workers, chunkBytes, budgetBytes } = plan;
  if (variant === 'unbounded') return `${formatBytes(objectBytes)} × ${readers}`;
  if (variant === 'sluice') return formatBytes(budgetBytes);
  const window = 2 * workers * chunkBytes;
  // A window that is larger than the object has no more than the object.
  if (window > objectBytes) return `${formatBytes(objectBytes)} × ${readers}`;
  return `2 × ${workers} × ${formatBytes(chunkBytes)} × ${readers}`;
}
