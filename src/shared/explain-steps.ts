/** What each conditional field of a request says about a representation, in the order of RFC 9110, section 13.2.2. */
import type { Step } from './explain.ts';
import type { RequestConditions } from './http/conditions.ts';
import { parseHttpDate } from './http/date.ts';
import {
  passesIfMatch,
  passesIfModifiedSince,
  passesIfNoneMatch,
  passesIfRange,
  passesIfUnmodifiedSince,
  type Validators,
} from './http/preconditions.ts';
import { parseEntityTag, parseEntityTags } from './http/validators.ts';

interface Question {
  readonly field: string;
  readonly value: string | undefined;
  readonly section: string;
  /** Why it has no say, whatever it holds; `undefined` when it has. */
  readonly ignored?: string | undefined;
  readonly passes: () => boolean;
  readonly holds: string;
  readonly fails: string;
}

/** One step for each conditional field there is; those after one that decided are `ignored`. */
export function conditionSteps(
  method: string,
  conditions: RequestConditions,
  current: Validators,
  now: Date,
): readonly Step[] {
  const steps: Step[] = [];
  let decided: string | undefined;
  for (const question of questions(method, conditions, current, now)) {
    const { field, value, section, passes, holds, fails } = question;
    if (value === undefined) continue;
    const ignored = decided ?? question.ignored;
    const common = { field, value, section: `RFC 9110, ${section}` };
    if (ignored !== undefined) {
      steps.push({ ...common, verdict: 'ignored', sentence: ignored });
    } else if (passes()) {
      steps.push({ ...common, verdict: 'holds', sentence: holds });
    } else {
      steps.push({ ...common, verdict: 'fails', sentence: fails });
      if (field !== 'If-Range') decided = `Not asked any more: ${field} has decided.`;
    }
  }
  return steps;
}

function questions(
  method: string,
  conditions: RequestConditions,
  current: Validators,
  now: Date,
): readonly Question[] {
  const { ifMatch, ifUnmodifiedSince, ifNoneMatch, ifModifiedSince, ifRange, range } = conditions;
  const isRead = method === 'GET' || method === 'HEAD';
  const theTag = tagWords(current);
  return [
    {
      field: 'If-Match',
      value: ifMatch,
      section: '13.1.1',
      passes: () => ifMatch === undefined || passesIfMatch(ifMatch, current),
      holds: ifMatch?.trim() === '*' ? 'There is an object.' : `It names the current ${theTag}.`,
      fails: `${mismatch(ifMatch, current)}: 412.`,
    },
    {
      field: 'If-Unmodified-Since',
      value: ifUnmodifiedSince,
      section: '13.1.4',
      ignored:
        ifMatch === undefined
          ? undecidable(ifUnmodifiedSince, current, now)
          : 'If-Match is there, and counts instead.',
      passes: () => passesIfUnmodifiedSince(ifUnmodifiedSince, current, now),
      holds: 'The object is not newer.',
      fails: 'The object is newer: 412.',
    },
    {
      field: 'If-None-Match',
      value: ifNoneMatch,
      section: '13.1.2',
      passes: () => ifNoneMatch === undefined || passesIfNoneMatch(ifNoneMatch, current),
      holds:
        ifNoneMatch !== undefined && parseEntityTags(ifNoneMatch) === undefined
          ? 'It cannot be read as entity tags, so it matches nothing.'
          : `It does not name the current ${theTag}.`,
      fails: `${ifNoneMatch?.trim() === '*' ? 'There is an object' : `It names the current ${theTag}`}: ${isRead ? 304 : 412}.`,
    },
    {
      field: 'If-Modified-Since',
      value: ifModifiedSince,
      section: '13.1.3',
      ignored: ignoredModifiedSince(isRead, ifNoneMatch, undecidable(ifModifiedSince, current, now)),
      passes: () => passesIfModifiedSince(ifModifiedSince, current, now),
      holds: 'The object is newer.',
      fails: 'The object is not newer: 304.',
    },
    {
      field: 'If-Range',
      value: ifRange,
      section: '13.1.5',
      ignored: ignoredIfRange(method, range),
      passes: () => passesIfRange(ifRange, current, now),
      holds: `It is exactly the current ${ifRange !== undefined && parseEntityTag(ifRange) ? theTag : 'Last-Modified'}: Range counts.`,
      fails: `${ifRangeMismatch(ifRange, current, now)}: Range does not count.`,
    },
  ];
}

function ignoredModifiedSince(
  isRead: boolean,
  ifNoneMatch: string | undefined,
  otherwise: string | undefined,
): string | undefined {
  if (ifNoneMatch !== undefined) return 'If-None-Match is there, and counts instead.';
  return isRead ? otherwise : 'It means something for GET and HEAD only.';
}

function ignoredIfRange(method: string, range: string | undefined): string | undefined {
  if (method !== 'GET') return 'Range, and so If-Range, means something for GET only.';
  return range === undefined ? 'There is no Range for it to guard.' : undefined;
}

/** Why a date cannot be compared; `undefined` when it can. */
function undecidable(field: string | undefined, current: Validators, now: Date): string | undefined {
  if (field === undefined) return undefined;
  if (!parseHttpDate(field, now)) return 'It cannot be read as a date.';
  return current.lastModified ? undefined : 'The object has no Last-Modified to compare it with.';
}

function tagWords({ etag, isWeak = false }: Validators): string {
  return etag === undefined ? 'entity tag (there is none)' : `entity tag ${isWeak ? 'W/' : ''}"${etag}"`;
}

function mismatch(field: string | undefined, current: Validators): string {
  const tags = field === undefined ? undefined : parseEntityTags(field);
  if (!tags) return 'It cannot be read as entity tags, so it matches nothing';
  const isOnlyWeakly = tags !== '*' && tags.some(({ raw }) => raw === current.etag);
  return isOnlyWeakly
    ? `It names the current ${tagWords(current)}, but weak tags never match strongly`
    : `It does not name the current ${tagWords(current)}`;
}

function ifRangeMismatch(field: string | undefined, current: Validators, now: Date): string {
  const tag = field === undefined ? undefined : parseEntityTag(field);
  if (tag) {
    return tag.raw === current.etag
      ? 'Weak entity tags cannot vouch for bytes'
      : `It is not the current ${tagWords(current)}`;
  }
  if (field === undefined || !parseHttpDate(field, now)) {
    return 'It cannot be read as one entity tag or a date';
  }
  return current.lastModified
    ? 'It is not exactly the current Last-Modified'
    : 'The object has no Last-Modified';
}
