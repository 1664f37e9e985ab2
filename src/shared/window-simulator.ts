/**
 * What a window of other measures would have done: the recorded fetches are played again through so many slots of so
 * many bytes, for one client that reads the object from its start to its end at a steady pace.
 *
 * Assumed: a request at a place in the object takes what the recorded one there took, its last byte as many times
 * longer as it has more bytes; requests do not slow each other down; a slot is asked for as soon as it is free, in
 * order, and is free when its last byte has gone to the client; bytes go out as they come in.
 */

/** A fetch as it was: what it covered, how long its first byte took, and the rest. */
export interface RecordedFetch {
  readonly start: number;
  readonly bytes: number;
  readonly firstByteMs: number;
  readonly transferMs: number;
}

export interface SimulatedWindow {
  /** At least 1. */
  readonly slots: number;
  /** More than 0. */
  readonly chunkBytes: number;
  readonly objectBytes: number;
  /** What the client takes; more than 0. */
  readonly drainBytesPerMs: number;
  /** In the order of their place; at least one. */
  readonly fetches: readonly RecordedFetch[];
}

/** Bytes that the slots have from this instant on. */
export interface WindowPoint {
  readonly atMs: number;
  readonly bytes: number;
}

export interface WindowOutcome {
  /** The most that the slots had at any instant: never more than slots × chunk. */
  readonly peakBytes: number;
  readonly durationMs: number;
  /** How long the client would have taken bytes and there were none. */
  readonly starvedMs: number;
  /** From the first byte asked for to 0 at the end, at most `curvePoints` of them. */
  readonly curve: readonly WindowPoint[];
}

/** Points of a curve at most. */
export const curvePoints = 512;
/** Chunks that are played at most: the answer is needed while a slider moves. */
export const maxSimulatedChunks = 20_000;

/** Plays it; takes time in proportion to the chunks. */
export function simulateWindow(window: SimulatedWindow): WindowOutcome {
  const { slots, chunkBytes, objectBytes, drainBytesPerMs, fetches } = window;
  const count = Math.ceil(objectBytes / chunkBytes);
  const askedAt = new Float64Array(count);
  const goneAt = new Float64Array(count);
  const nearest = nearestFetch(fetches);
  let clientFreeAt = 0;
  for (let index = 0; index < count; index += 1) {
    const start = index * chunkBytes;
    const bytes = sizeOf(window, index);
    const { firstByteMs, transferMs, bytes: recordedBytes } = nearest(start);
    const asked = index < slots ? 0 : (goneAt[index - slots] ?? 0);
    const answered = asked + firstByteMs;
    const whole = answered + transferMs * (bytes / recordedBytes);
    askedAt[index] = asked;
    clientFreeAt = Math.max(whole, Math.max(answered, clientFreeAt) + bytes / drainBytesPerMs);
    goneAt[index] = clientFreeAt;
  }
  const { curve, peakBytes } = curveOf(window, askedAt, goneAt);
  const busyMs = objectBytes / drainBytesPerMs;
  return { peakBytes, durationMs: clientFreeAt, starvedMs: Math.max(0, clientFreeAt - busyMs), curve };
}

function sizeOf({ chunkBytes, objectBytes }: SimulatedWindow, index: number): number {
  return Math.min(chunkBytes, objectBytes - index * chunkBytes);
}

/** The last fetch that begins at or before a place, else the first; places are asked for in rising order. */
function nearestFetch(fetches: readonly RecordedFetch[]): (start: number) => RecordedFetch {
  let at = 0;
  return (start) => {
    while ((fetches[at + 1]?.start ?? Number.POSITIVE_INFINITY) <= start) at += 1;
    return fetches[at] ?? { start: 0, bytes: 1, firstByteMs: 0, transferMs: 0 };
  };
}

/** Both lists of times rise, so that one walk through both has every change in order; what goes, goes first. */
function curveOf(
  window: SimulatedWindow,
  askedAt: Float64Array,
  goneAt: Float64Array,
): Pick<WindowOutcome, 'curve' | 'peakBytes'> {
  const count = askedAt.length;
  const points: WindowPoint[] = [];
  let bytes = 0;
  let peakBytes = 0;
  for (let asked = 0, gone = 0; gone < count;) {
    const comes = asked < count ? (askedAt[asked] ?? 0) : Number.POSITIVE_INFINITY;
    const goes = goneAt[gone] ?? 0;
    if (comes < goes) bytes += sizeOf(window, asked++);
    else bytes -= sizeOf(window, gone++);
    peakBytes = Math.max(peakBytes, bytes);
    points.push({ atMs: Math.min(comes, goes), bytes });
  }
  return { curve: thinned(points), peakBytes };
}

/** At most `curvePoints`, none higher than the highest that it stands for; the last is kept. */
function thinned(points: readonly WindowPoint[]): readonly WindowPoint[] {
  const step = Math.ceil(points.length / (curvePoints - 1));
  if (step <= 1) return points;
  const kept: WindowPoint[] = [];
  for (let from = 0; from < points.length - 1; from += step) {
    const stretch = points.slice(from, Math.min(from + step, points.length - 1));
    const atMs = stretch[0]?.atMs ?? 0;
    kept.push({ atMs, bytes: stretch.reduce((most, { bytes }) => Math.max(most, bytes), 0) });
  }
  return [...kept, ...points.slice(-1)];
}

/** What really was in memory, from the times at which pieces took memory and gave it back. */
export function recordedCurve(
  pieces: readonly { readonly fromMs: number; readonly toMs: number; readonly bytes: number }[],
): { readonly curve: readonly WindowPoint[]; readonly peakBytes: number } {
  const changes = pieces
    .flatMap(({ fromMs, toMs, bytes }) => [
      { atMs: fromMs, bytes },
      { atMs: Math.max(fromMs, toMs), bytes: -bytes },
    ])
    .toSorted((a, b) => a.atMs - b.atMs || a.bytes - b.bytes);
  let bytes = 0;
  let peakBytes = 0;
  const points = changes.map((change) => {
    bytes = Math.max(0, bytes + change.bytes);
    peakBytes = Math.max(peakBytes, bytes);
    return { atMs: change.atMs, bytes };
  });
  return { curve: thinned(points), peakBytes };
}
