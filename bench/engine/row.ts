/** What a scenario of the engine's table is given, and what it gives. */
import type { Server } from '../processes.ts';
import { ratio } from '../table.ts';
import type { TunedSettings } from './tuned-server.ts';

export interface Scenario {
  /** For `--only`. */
  readonly name: string;
  readonly run: (bench: Bench) => Promise<readonly Row[]>;
}

/** The means of one scenario. What it starts it ends; the folder is removed for it. */
export interface Bench {
  readonly size: 'full' | 'quick';
  /** Whether long transfers are read to their end, or for a while. */
  readonly length: 'whole' | 'prefix';
  readonly folder: string;
  /** The built server, profiled when that was asked for. */
  readonly startSluice: (flags: readonly string[]) => Promise<Server>;
  /** The server from its sources, with an engine that is told what to do. */
  readonly startTuned: (settings: TunedSettings) => Promise<Server>;
}

export interface Row {
  readonly scenario: string;
  readonly sluice: string;
  /** Its name and its figure, from the same run. */
  readonly peer: string;
  readonly verdict: Verdict;
  readonly note?: string | undefined;
}

export interface Verdict {
  readonly ratio: string;
  readonly toReach: string;
  readonly reached: 'yes' | 'no' | '–';
}

/** The ratio that must not be below `target`. */
export function atLeast(target: number, value: number, peer: number): Verdict {
  const reached = value / peer >= target ? 'yes' : 'no';
  return { ratio: ratio(value, peer), toReach: `≥ ${target} ×`, reached };
}

/** The ratio that must not be above `target`. */
export function atMost(target: number, value: number, peer: number): Verdict {
  const reached = value / peer <= target ? 'yes' : 'no';
  return { ratio: ratio(value, peer), toReach: `≤ ${target} ×`, reached };
}

/** Megabytes, 10^6 bytes, per second: what throughput is given in. */
export function megabytesPerSecond(bytesPerSecond: number): string {
  return `${Math.round(bytesPerSecond / 1e6)} MB/s`;
}
