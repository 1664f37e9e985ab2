/** A threshold as somebody types it, and what is wrong with it while they do. */
import { parseBytes, parseDurationMs } from '#shared/units.ts';
import {
  alertRuleFacts,
  type AlertRule,
  formatThreshold,
  thresholdProblem,
} from '#shared/vocabulary/alerts.ts';

export type TypedThreshold =
  { readonly kind: 'value'; readonly value: number } | { readonly kind: 'wrong'; readonly sentence: string };

const examples = {
  milliseconds: 'a time, as 10s or 500ms',
  bytes: 'a size, as 64MiB',
  count: 'a whole number',
  percent: 'a number of percent',
} as const;

/** Reads what was typed for `rule`, and holds it against its bounds. */
export function readThreshold(rule: AlertRule, text: string): TypedThreshold {
  const { unit } = alertRuleFacts[rule];
  const value = parsers[unit](text.trim().replaceAll(/\s+/g, ''));
  if (value === undefined) return { kind: 'wrong', sentence: `That is not ${examples[unit]}` };
  const sentence = thresholdProblem(rule, value);
  return sentence === undefined ? { kind: 'value', value } : { kind: 'wrong', sentence };
}

/** `usually 10s · 1s to 1h`. */
export function boundsWords(rule: AlertRule): string {
  const { fallback, min, max } = alertRuleFacts[rule];
  const [usual, least, most] = [fallback, min, max].map((value) => formatThreshold(rule, value));
  return `usually ${usual} · ${least} to ${most}`;
}

const parsers = {
  milliseconds: parseDurationMs,
  bytes: parseBytes,
  count: (text: string) => numberOf(text.replaceAll(',', ''), /^\d{1,9}$/),
  percent: (text: string) => numberOf(text.replace(/%$/, ''), /^\d{1,3}(\.\d)?$/),
} as const;

function numberOf(text: string, pattern: RegExp): number | undefined {
  return pattern.test(text) ? Number(text) : undefined;
}
