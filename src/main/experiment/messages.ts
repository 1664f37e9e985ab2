/** What the processes of an experiment tell the one that started them. */
import type { ReaderOutcome } from '#shared/experiment/outcome.ts';

/** As the process itself knows them; where the system can be asked, it is. */
export interface ChildFigures {
  readonly rssBytes: number;
  /** Processor time since the process began. */
  readonly cpuMs: number;
  /** Allocated for bodies at the moment, and at most so far. */
  readonly bodyBytes: number;
  readonly peakBodyBytes: number;
}

export type ChildMessage =
  /** `url` is empty for one that does not listen. */
  | { readonly kind: 'ready'; readonly url: string }
  | { readonly kind: 'figures'; readonly figures: ChildFigures }
  | { readonly kind: 'readers'; readonly readers: readonly ReaderOutcome[] };

/** Often enough for a curve of ten points a second. */
const reportMs = 50;

/** Tells the parent something, if it is still there. */
export function tell(message: ChildMessage): void {
  if (process.connected) process.send?.(message);
}

/** From now on this process ends with its parent, however that does. */
export function endWithParent(): void {
  process.on('disconnect', () => process.exit(0));
  // A Ctrl-C reaches the whole group; the parent ends this process when it has its figures.
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
}

/** Tells the parent regularly what this process takes. */
export function reportFigures(
  bodies: () => Pick<ChildFigures, 'bodyBytes' | 'peakBodyBytes'>,
): NodeJS.Timeout {
  return setInterval(() => {
    const { user, system } = process.cpuUsage();
    const cpuMs = (user + system) / 1000;
    tell({ kind: 'figures', figures: { rssBytes: process.memoryUsage.rss(), cpuMs, ...bodies() } });
  }, reportMs);
}
