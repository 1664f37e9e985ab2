/**
 * Why a request gets the answer it gets: each field that has a say, in the order in which RFC 9110 asks them, with what
 * comes of it, in sentences. The answer itself is `decide`'s, the very one that the server serves with; nothing here
 * decides anything of its own.
 */
import { explainRange, type AskedRange } from './explain-range.ts';
import { conditionSteps } from './explain-steps.ts';
import type { RequestConditions } from './http/conditions.ts';
import { decide, type Decision, type Selected } from './http/decision.ts';
import { parseEntityTag } from './http/validators.ts';
import type { ByteRange } from './range.ts';
import { formatBytes } from './units.ts';

export interface ExplainedRequest {
  readonly method: string;
  /** Names in lower case: range, if-range, if-match, if-none-match, if-modified-since, if-unmodified-since. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

export interface ExplainedRepresentation {
  /** Bytes. */
  readonly length: number;
  /** As in the field: quoted, `W/` possible. */
  readonly etag?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly lastModified?: number | undefined;
}

/**
 * One field's part in the answer. `holds` and `fails` are a condition's; `applies` is a Range that selects bytes, and
 * `fails` one that no byte can satisfy; `ignored` is a field that has no say this time.
 */
export interface Step {
  /** As it is written: `If-None-Match`. */
  readonly field: string;
  readonly value: string;
  readonly verdict: 'holds' | 'fails' | 'applies' | 'ignored';
  readonly sentence: string;
  /** `RFC 9110, 13.1.1`. */
  readonly section: string;
}

export interface Explanation {
  readonly status: 200 | 206 | 304 | 412 | 416;
  /** What of the representation the body has, in its order: all of it for 200, nothing for HEAD, 304, 412 and 416. */
  readonly ranges: readonly ByteRange[];
  /** The members of Range as asked, each with the bytes it selects by itself; empty when it cannot be read. */
  readonly asked: readonly AskedRange[];
  readonly steps: readonly Step[];
  /** The answer in one sentence. */
  readonly sentence: string;
}

/** Explains. Never throws. `now`: milliseconds since the epoch, for the century of dates with two-digit years. */
export function explain(
  request: ExplainedRequest,
  representation: ExplainedRepresentation,
  now: number = Date.now(),
): Explanation {
  const conditions = conditionsIn(request.headers);
  const selected = selectedBy(representation);
  const instant = new Date(now);
  const decision = decide(request.method, conditions, selected, { now: instant });
  const { asked, step } = explainRange(request.method, conditions, selected, instant);
  const before = conditionSteps(request.method, conditions, selected, instant);
  const isDecided = before.some(({ field, verdict }) => verdict === 'fails' && field !== 'If-Range');
  const range = step && isDecided ? { ...step, ...notAsked } : step;
  return {
    status: statusOf(decision),
    ranges: request.method === 'HEAD' ? [] : rangesOf(decision, selected.length),
    asked,
    steps: range ? [...before, range] : before,
    sentence: sentenceFor(request.method, decision, selected.length),
  };
}

const notAsked = { verdict: 'ignored', sentence: 'Not asked any more: a precondition has decided.' } as const;

function conditionsIn(headers: ExplainedRequest['headers']): RequestConditions {
  return {
    ifMatch: headers['if-match'],
    ifUnmodifiedSince: headers['if-unmodified-since'],
    ifNoneMatch: headers['if-none-match'],
    ifModifiedSince: headers['if-modified-since'],
    ifRange: headers['if-range'],
    range: headers['range'],
  };
}

/** An entity tag that cannot be read is none: nothing can match it. */
function selectedBy({ length, etag, lastModified }: ExplainedRepresentation): Selected {
  const tag = etag === undefined ? undefined : parseEntityTag(etag);
  return {
    length,
    etag: tag?.raw,
    isWeak: tag?.weak ?? false,
    lastModified: lastModified === undefined ? undefined : new Date(lastModified),
  };
}

const statuses = {
  'not-modified': 304,
  'precondition-failed': 412,
  unsatisfiable: 416,
  partial: 206,
  full: 200,
} as const satisfies Record<Decision['kind'], Explanation['status']>;

function statusOf({ kind }: Decision): Explanation['status'] {
  return statuses[kind];
}

function rangesOf(decision: Decision, length: number): readonly ByteRange[] {
  if (decision.kind === 'partial') return decision.ranges;
  return decision.kind === 'full' && length > 0 ? [{ start: 0, end: length }] : [];
}

const sentences = {
  'not-modified': 'Not modified: what the client has is current, so no body is sent.',
  'precondition-failed': 'A precondition failed, so nothing is sent or changed.',
} as const;

function sentenceFor(method: string, decision: Decision, length: number): string {
  if (decision.kind === 'not-modified' || decision.kind === 'precondition-failed') {
    return sentences[decision.kind];
  }
  const whole = formatBytes(length);
  if (decision.kind === 'unsatisfiable') {
    return `No byte of the ${whole} is in what Range asks for; the answer says how long the object is.`;
  }
  if (decision.kind === 'full') {
    return method === 'HEAD'
      ? `The fields of the whole object, ${whole}, and no body.`
      : `The whole object, ${whole}.`;
  }
  const bytes = formatBytes(decision.ranges.reduce((sum, { start, end }) => sum + end - start, 0));
  const parts = decision.ranges.length;
  return parts === 1
    ? `One range of ${bytes} out of ${whole}.`
    : `${parts} ranges, ${bytes} out of ${whole}, as multipart/byteranges.`;
}
