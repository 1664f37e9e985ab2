/** What a check is: one thing that RFC 9110 says about an answer, asked of a server. */
import type { CheckLevel } from '#shared/vocabulary/lab.ts';
import type { Bench } from './bench.ts';

/**
 * What came of a check. `unmet` breaks what its level says; `allowed` does not, but falls short of what clients can use.
 */
export interface Outcome {
  readonly kind: 'met' | 'unmet' | 'allowed' | 'inapplicable';
  /** What came, and what was expected. */
  readonly sentence: string;
}

export interface Check {
  /** In kebab case, unique: for `--only`. */
  readonly id: string;
  /** What a server that passes does. */
  readonly title: string;
  /** `RFC 9110, 14.2`. */
  readonly section: string;
  readonly level: CheckLevel;
  /** @throws SluiceError when no answer arrives: that is a failure too */
  run(bench: Bench): Promise<Outcome>;
}

export function met(sentence: string): Outcome {
  return { kind: 'met', sentence };
}

export function unmet(sentence: string): Outcome {
  return { kind: 'unmet', sentence };
}

export function allowed(sentence: string): Outcome {
  return { kind: 'allowed', sentence };
}

export function inapplicable(sentence: string): Outcome {
  return { kind: 'inapplicable', sentence };
}
