/**
 * What is going on, in one sentence: the trouble that most transfers have, and who or what causes it. The rules that
 * find each transfer's trouble are the server's (main/transfer/diagnosis.ts); here the troubles are only counted.
 */
import type { Lane, Memory } from '#shared/model.ts';
import { type Diagnosis, diagnoses } from '#shared/vocabulary/live.ts';
import type { EngineReading } from '#shared/engine-model.ts';
import { formatBytes, formatCount, formatDuration, formatRate } from '#shared/units.ts';
import { splitObject } from '#shared/object-name.ts';

export interface Diagnosed {
  readonly lane: Lane;
  /** How long it has been so. */
  readonly sinceMs: number;
}

export interface Circumstances {
  readonly memory: Memory;
  readonly engine: EngineReading | undefined;
  readonly chunkBytes: number;
}

export interface Verdict {
  readonly diagnosis: Diagnosis;
  readonly sentence: string;
  /** The transfer that it is most about. */
  readonly lane: Lane;
}

/** `undefined` when there is no transfer. */
export function verdictOf(lanes: readonly Diagnosed[], circumstances: Circumstances): Verdict | undefined {
  const groups = diagnoses
    .filter((diagnosis) => diagnosis !== 'healthy')
    .map((diagnosis) => ({
      diagnosis,
      members: lanes.filter(({ lane }) => lane.diagnosis === diagnosis),
    }))
    .toSorted((a, b) => b.members.length - a.members.length);
  const [main] = groups;
  const [first] = main?.members.toSorted((a, b) => b.sinceMs - a.sinceMs) ?? [];
  if (!main || !first) {
    const [any] = lanes;
    if (!any) return undefined;
    const whom = lanes.length === 1 ? 'the transfer' : `the ${formatCount(lanes.length)} transfers`;
    return { diagnosis: 'healthy', sentence: `Nothing holds ${whom} up.`, lane: any.lane };
  }
  const { diagnosis, members } = main;
  const sentence = sentences[diagnosis](first, members.length, lanes.length, circumstances);
  return { diagnosis, sentence, lane: first.lane };
}

type Sentence = (first: Diagnosed, count: number, of: number, circumstances: Circumstances) => string;

const sentences: Readonly<Record<Diagnosis, Sentence>> = {
  healthy: () => 'Nothing holds the transfers up.',
  'client-bound': ({ lane, sinceMs }, count, of) => {
    const takes =
      lane.outBytesPerSecond < 1 ? 'takes nothing' : `takes ${formatRate(lane.outBytesPerSecond)}`;
    const others = count > 1 ? ` (${formatCount(count)} of ${formatCount(of)} transfers are so)` : '';
    return `A slow client: ${lane.client} ${takes} of ${nameOf(lane)} for ${formatDuration(sinceMs)}; ${formatBytes(lane.heldBytes)} wait for it${others}.`;
  },
  'store-bound': ({ sinceMs }, count, of, { engine }) => {
    const firstByte = engine?.store.firstByteMs;
    const slowness = firstByte ? `; its first byte takes ${formatDuration(firstByte.p95)} (p95)` : '';
    return `The store is slow: ${formatCount(count)} of ${formatCount(of)} transfers wait for it for ${formatDuration(sinceMs)}${slowness}${retrying(engine)}.`;
  },
  'head-of-line': ({ lane, sinceMs }, count, of, { chunkBytes }) => {
    const complete = lane.slots.filter(({ state }) => state === 'held').length;
    const others = count > 1 ? ` (${formatCount(count)} of ${formatCount(of)} transfers are so)` : '';
    return `One late chunk: #${formatCount(headChunk(lane, chunkBytes))} of ${nameOf(lane)} is missing for ${formatDuration(sinceMs)}, and ${formatCount(complete)} complete ones wait behind it${others}.`;
  },
  'budget-bound': (_first, count, of, { memory }) =>
    `The memory budget is the bound: ${formatCount(count)} of ${formatCount(of)} transfers wait for a slab of ${formatBytes(memory.budgetBytes)}.`,
  'disk-bound': (_first, count, of) =>
    `The disk cache is slow: ${formatCount(count)} of ${formatCount(of)} transfers wait for it.`,
};

/** The number of the chunk that a lane's next byte lies in, from 0. */
export function headChunk({ position }: Pick<Lane, 'position'>, chunkBytes: number): number {
  return Math.floor(position / chunkBytes);
}

function nameOf({ object }: Lane): string {
  return splitObject(object).main;
}

function retrying(engine: EngineReading | undefined): string {
  const again = engine?.store.fetches.filter(({ attempt }) => attempt > 1).length ?? 0;
  return again === 0 ? '' : `; ${formatCount(again)} requests are tried again`;
}
