/**
 * What a request gets of a representation, decided from its fields and the validators alone, in the order of RFC 9110:
 * preconditions, If-Range, Range. The server answers with it, and `explain` says why.
 */
import {
  defaultRangeLimits,
  parseRange,
  type RangeLimits,
  type RangeResolution,
  resolveRange,
} from '#shared/range.ts';
import type { RequestConditions } from './conditions.ts';
import { evaluatePreconditions, passesIfRange, type Validators } from './preconditions.ts';

export type Decision =
  { readonly kind: 'not-modified' } | { readonly kind: 'precondition-failed' } | RangeResolution;

export interface Selected extends Validators {
  /** Bytes. */
  readonly length: number;
}

export interface DecisionOptions {
  readonly now: Date;
  readonly limits?: RangeLimits | undefined;
}

/** Decides. Never throws. GET and HEAD read, every other method writes; Range is defined for GET alone (14.2). */
export function decide(
  method: string,
  conditions: RequestConditions,
  selected: Selected,
  { now, limits = defaultRangeLimits }: DecisionOptions,
): Decision {
  const purpose = method === 'GET' || method === 'HEAD' ? 'read' : 'write';
  const outcome = evaluatePreconditions(purpose, conditions, selected, now);
  if (outcome !== 'proceed') return { kind: outcome };
  if (method !== 'GET' || !passesIfRange(conditions.ifRange, selected, now)) return { kind: 'full' };
  return resolveRange(parseRange(conditions.range), selected.length, limits);
}
