/** A recording along a line: how much was written when, where nothing was, and where its flags stand. */
import type { RecordingContents } from '#shared/recording/model.ts';
import type { RecordingEvent } from '#shared/recording/records.ts';

/** Longer than this without a block, in milliseconds, and nothing is known of that time: a block has two seconds. */
const gapMs = 5000;

export interface Strip {
  readonly firstAt: number;
  readonly lastAt: number;
  /** Bytes a second in each part of the line, as a share of the most; negative where nothing is known. */
  readonly levels: readonly number[];
}

/** The line in `parts` equal parts; `undefined` when there is nothing to show. */
export function stripOf(
  { firstAt, lastAt, bytes }: RecordingContents['blocks'],
  parts: number,
): Strip | undefined {
  const start = firstAt[0];
  const end = lastAt.at(-1);
  if (start === undefined || end === undefined || parts < 1) return undefined;
  const span = Math.max(1, end - start);
  const partOf = (at: number): number =>
    Math.min(parts - 1, Math.max(0, Math.floor(((at - start) / span) * parts)));
  const sums = new Float64Array(parts);
  const known = new Uint8Array(parts);
  let before = start;
  for (const [index, from] of firstAt.entries()) {
    const to = Math.max(from, lastAt[index] ?? from);
    // What is between two blocks that follow each other is known to be quiet.
    const knownFrom = from - before <= gapMs ? Math.min(before, from) : from;
    const [first, last] = [partOf(from), partOf(to)];
    for (let part = partOf(knownFrom); part <= last; part += 1) known[part] = 1;
    for (let part = first; part <= last; part += 1)
      sums[part] = (sums[part] ?? 0) + (bytes[index] ?? 0) / (last - first + 1);
    before = Math.max(before, to);
  }
  const most = Math.max(...sums) || 1;
  return {
    firstAt: start,
    lastAt: end,
    levels: Array.from(sums, (sum, part) => (known[part] === 0 ? -1 : sum / most)),
  };
}

/** Where an instant is on a line from `firstAt` to `lastAt`, from 0 to 1; `undefined` beside it. */
export function shareOf(
  at: number,
  { firstAt, lastAt }: Pick<Strip, 'firstAt' | 'lastAt'>,
): number | undefined {
  const share = (at - firstAt) / Math.max(1, lastAt - firstAt);
  return share >= 0 && share <= 1 ? share : undefined;
}

/** One thing that happened: an alert is in a recording when it fires and again when it is over. */
export interface Moment {
  readonly id: string;
  readonly kind: 'alert' | 'mark';
  readonly at: number;
  readonly event: RecordingEvent;
}

/** In the order of their times, each alert once, as it was last. */
export function momentsOf(events: readonly RecordingEvent[]): readonly Moment[] {
  const moments = new Map<string, Moment>();
  for (const event of events) {
    const { id, at } = event.kind === 'alert' ? event.alert : event.mark;
    moments.set(id, { id, kind: event.kind, at, event });
  }
  return [...moments.values()].toSorted((a, b) => a.at - b.at);
}
