/** What is watched, in words and bounds; without schemas, so that the page has it too. */
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatExactBytes,
  formatExactDuration,
  MiB,
} from '#shared/units.ts';

export const alertRules = [
  'client-bound',
  'over-budget',
  'unaccounted',
  'refused-ranges',
  'store-first-byte',
  'loop-delay',
  'memory-limit',
] as const;
export type AlertRule = (typeof alertRules)[number];

export interface AlertRuleFacts {
  readonly label: string;
  /** What the threshold means, as the end of "Fires when …". */
  readonly when: string;
  readonly unit: 'milliseconds' | 'bytes' | 'count' | 'percent';
  readonly fallback: number;
  readonly min: number;
  readonly max: number;
  /** How long the value has to be at its threshold, and below it until the alert is over. */
  readonly holdMs: number;
}

/** Every rule once: the engine, the editor and the documentation follow this table. */
export const alertRuleFacts: Readonly<Record<AlertRule, AlertRuleFacts>> = {
  'client-bound': {
    label: 'A client takes nothing',
    when: 'a client has had bytes waiting and taken none for this long',
    unit: 'milliseconds',
    fallback: 10_000,
    min: 1000,
    max: 3_600_000,
    holdMs: 0,
  },
  'over-budget': {
    label: 'Ledger over budget',
    when: 'the ledger is over the budget by this much: a bug of ours',
    unit: 'bytes',
    fallback: 1,
    min: 1,
    max: 1024 * MiB,
    holdMs: 0,
  },
  unaccounted: {
    label: 'Memory that nobody accounts for',
    when: "the runtime's array buffers exceed the ledger by this much for a minute",
    unit: 'bytes',
    fallback: 64 * MiB,
    min: MiB,
    max: 64 * 1024 * MiB,
    holdMs: 60_000,
  },
  'refused-ranges': {
    label: 'Burst of 412 and 416',
    when: 'so many requests in 10 seconds end with 412 or 416',
    unit: 'count',
    fallback: 6,
    min: 1,
    max: 1_000_000,
    holdMs: 0,
  },
  'store-first-byte': {
    label: 'The store answers late',
    when: 'the 95th percentile of the time to the first byte from the store is at least this for 10 seconds',
    unit: 'milliseconds',
    fallback: 2000,
    min: 1,
    max: 600_000,
    holdMs: 10_000,
  },
  'loop-delay': {
    label: 'The event loop is late',
    when: 'the 99th percentile of the delay of the event loop is at least this for 10 seconds',
    unit: 'milliseconds',
    fallback: 500,
    min: 1,
    max: 60_000,
    holdMs: 10_000,
  },
  'memory-limit': {
    label: 'Memory near its limit',
    when: 'the process uses this much of what the system allows it, for 10 seconds',
    unit: 'percent',
    fallback: 90,
    min: 10,
    max: 100,
    holdMs: 10_000,
  },
};

/** A value of a rule with its unit: `10 s`, `64 MiB`, `6`, `90 %`. */
export function formatAlertValue(rule: AlertRule, value: number): string {
  return alertUnits[alertRuleFacts[rule].unit](value);
}

const alertUnits: Readonly<Record<AlertRuleFacts['unit'], (value: number) => string>> = {
  milliseconds: formatDuration,
  bytes: formatBytes,
  count: formatCount,
  percent: (value) => `${formatCount(Math.round(value))} %`,
};

/** The same with no digit lost, as somebody types it: `10s`, `64MiB`, `6`, `90 %`. */
export function formatThreshold(rule: AlertRule, value: number): string {
  return thresholdUnits[alertRuleFacts[rule].unit](value);
}

const thresholdUnits: Readonly<Record<AlertRuleFacts['unit'], (value: number) => string>> = {
  milliseconds: formatExactDuration,
  bytes: formatExactBytes,
  count: formatCount,
  percent: (value) => `${value} %`,
};

/** Why nothing may fire at `threshold`: a sentence with the bounds; `undefined` when it may. */
export function thresholdProblem(rule: AlertRule, threshold: number): string | undefined {
  const { min, max, label } = alertRuleFacts[rule];
  if (threshold >= min && threshold <= max) return undefined;
  return `${label}: allowed is ${formatThreshold(rule, min)} to ${formatThreshold(rule, max)}`;
}

/** Alerts that are remembered. */
export const maxAlerts = 200;
