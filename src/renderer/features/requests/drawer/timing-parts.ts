import type { RequestDetail } from '#shared/request-model.ts';

export interface TimingPart {
  readonly name: string;
  readonly what: string;
  /** From the request's beginning, in milliseconds. */
  readonly startMs: number;
  readonly ms: number;
}

/** The parts of an answer's time, one after another, without those that are not known. They add up to the whole. */
export function timingParts(timing: RequestDetail['timing']): readonly TimingPart[] {
  const { lookupMs = 0, admissionMs = 0, durationMs } = timing;
  const firstByteMs = timing.firstByteMs ?? durationMs;
  const lookup = Math.min(lookupMs, durationMs);
  const admission = Math.min(admissionMs, durationMs - lookup);
  const waitStart = lookup + admission;
  const wait = Math.max(0, Math.min(firstByteMs, durationMs) - waitStart);
  const transferStart = waitStart + wait;
  return [
    { name: 'Lookup', what: 'until it was known what the URL selects', startMs: 0, ms: lookup },
    { name: 'Admission', what: 'until there was a place for a transfer', startMs: lookup, ms: admission },
    {
      name: timing.firstByteMs === undefined ? 'Until the end' : 'First byte',
      what:
        timing.firstByteMs === undefined ? 'no byte was sent' : 'until the first byte was there and went out',
      startMs: waitStart,
      ms: wait,
    },
    {
      name: 'Transfer',
      what: 'until the client had taken the last byte',
      startMs: transferStart,
      ms: Math.max(0, durationMs - transferStart),
    },
  ];
}
