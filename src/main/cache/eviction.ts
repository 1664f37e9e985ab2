/**
 * Whose slab is taken when somebody needs one and none is free: the chunk whose next use is furthest away, judged by
 * the pace of all who read its object. It is Belady's rule with measured rates: first what nobody will come to, oldest
 * use first; then what slow clients will come to late; last of all the present chunk of the client that has been stuck
 * for longest. A client that is taking a chunk may keep it for a turn.
 */
import type { Reader, ResidentChunk } from './resident-chunk.ts';

/** Milliseconds until somebody needs the chunk; infinite when nobody will. */
export function timeToUse(chunk: ResidentChunk): number {
  let soonest = Infinity;
  for (const reader of chunk.fellows) {
    if (reader.position >= chunk.id.range.end) continue;
    soonest = Math.min(soonest, reader.timeTo(Math.max(chunk.id.range.start, reader.position)));
  }
  return soonest;
}

/**
 * A chunk that a client is taking is left to it for so many times what a chunk takes from the store. Otherwise, with
 * more clients than slabs, each would have the others' chunks brought again for every write.
 */
const turnLatencies = 16;
/** And at least for so long. */
const leastTurnMs = 1000;
/** A client that has taken nothing for so long is not taking it. */
const stuckMs = 250;

function turnMs(latencyMs: number): number {
  return Math.max(leastTurnMs, turnLatencies * latencyMs);
}

/** Read-ahead takes a slab only from a chunk that is used so much later, lest two readers take it from each other. */
const hysteresis = 0.5;

export interface Claim {
  /** `demand`: a client waits for the first of these bytes now. */
  readonly kind: 'demand' | 'ahead';
  /** Milliseconds until the slab's bytes are needed. */
  readonly neededInMs: number;
  /** Milliseconds that a chunk takes from the store. */
  readonly latencyMs: number;
  /** Milliseconds that the claim has waited. */
  readonly waitedMs: number;
  /** On the engine's clock. */
  readonly now: number;
  /** Who makes it. */
  readonly reader: Reader;
}

/** The chunk to evict for `claim`, or `undefined` when there is none that should go. */
export function victimOf(chunks: Iterable<ResidentChunk>, claim: Claim): ResidentChunk | undefined {
  let victim: ResidentChunk | undefined;
  let furthest = claim.kind === 'demand' ? -1 : claim.neededInMs + claim.latencyMs * (1 + hysteresis);
  for (const chunk of chunks) {
    const mustStay = chunk.pins > 0 || chunk.isNeeded;
    if (mustStay || isNearlyThere(chunk, claim) || isBeingTaken(chunk, claim)) continue;
    if (isAwaitedByFellows(chunk, claim)) continue;
    const time = timeToUse(chunk);
    if (time > furthest) {
      furthest = time;
      victim = chunk;
    }
    if (time === Infinity) break;
  }
  return victim;
}

/** A client is at it, takes bytes, and has not had it for long. */
function isBeingTaken(chunk: ResidentChunk, { now, latencyMs }: Claim): boolean {
  if (now - chunk.takenAt > turnMs(latencyMs)) return false;
  for (const reader of chunk.readers)
    if (chunk.holds(reader.position) && reader.timeTo(reader.position) <= stuckMs) return true;
  return false;
}

/**
 * Who runs ahead of others that read the same object waits for them, up to a turn, rather than throw away what they are
 * about to take: otherwise the object comes from the store once for each of them.
 */
function isAwaitedByFellows(chunk: ResidentChunk, claim: Claim): boolean {
  if (!chunk.fellows.has(claim.reader)) return false;
  const leftMs = turnMs(claim.latencyMs) - claim.waitedMs;
  const { end } = chunk.id.range;
  for (const reader of chunk.fellows) {
    if (reader === claim.reader || reader.position >= end) continue;
    if (reader.timeTo(reader.position) <= stuckMs && reader.timeTo(end - 1) <= leftMs) return true;
  }
  return false;
}

/** More than half of it has come: thrown away only when the claim has waited for longer than a fetch takes. */
function isNearlyThere(chunk: ResidentChunk, claim: Claim): boolean {
  const { filling } = chunk;
  if (!filling) return false;
  // What is read from disk cannot be called back, and is there in a moment.
  if (chunk.source === 'disk') return true;
  if (claim.kind === 'demand' && claim.waitedMs > claim.latencyMs) return false;
  return filling.end - filling.at <= (chunk.id.range.end - chunk.id.range.start) / 2;
}
