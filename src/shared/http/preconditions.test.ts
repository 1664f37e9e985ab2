import { describe, expect, it } from 'vitest';
import type { RequestConditions } from './conditions.ts';
import { evaluatePreconditions, type PreconditionOutcome } from './preconditions.ts';

const now = new Date('2026-11-22T12:00:00Z');
const current = { etag: 'v1', lastModified: new Date('2026-11-22T08:49:37.900Z') };
const before = 'Sun, 22 Nov 2026 08:49:36 GMT';
const same = 'Sun, 22 Nov 2026 08:49:37 GMT';
const after = 'Sun, 22 Nov 2026 08:49:38 GMT';

type Row = readonly ['read' | 'write', RequestConditions, PreconditionOutcome];

const rows: readonly Row[] = [
  ['read', {}, 'proceed'],
  ['read', { ifMatch: '"v1"', ifUnmodifiedSince: before }, 'proceed'],
  ['read', { ifMatch: '"v0"', ifUnmodifiedSince: after }, 'precondition-failed'],
  ['read', { ifMatch: '"v0"', ifNoneMatch: '"v1"' }, 'precondition-failed'],
  ['read', { ifMatch: '"v1"', ifNoneMatch: '"v1"' }, 'not-modified'],
  ['read', { ifUnmodifiedSince: before, ifNoneMatch: '"v1"' }, 'precondition-failed'],
  ['read', { ifUnmodifiedSince: same, ifNoneMatch: '"v1"' }, 'not-modified'],
  ['read', { ifUnmodifiedSince: before, ifModifiedSince: same }, 'precondition-failed'],
  ['read', { ifUnmodifiedSince: same, ifModifiedSince: same }, 'not-modified'],
  ['read', { ifNoneMatch: '"v0"', ifModifiedSince: after }, 'proceed'],
  ['read', { ifNoneMatch: 'W/"v1"', ifModifiedSince: before }, 'not-modified'],
  ['write', { ifNoneMatch: '"v1"' }, 'precondition-failed'],
  ['write', { ifNoneMatch: '*' }, 'precondition-failed'],
  ['write', { ifModifiedSince: same }, 'proceed'],
  ['write', { ifMatch: '"v1"' }, 'proceed'],
  ['write', { ifMatch: '"v0"' }, 'precondition-failed'],
];

const absent: readonly Row[] = [
  ['write', { ifMatch: '*' }, 'precondition-failed'],
  ['write', { ifMatch: '"v1"' }, 'precondition-failed'],
  ['write', { ifNoneMatch: '*' }, 'proceed'],
  ['write', { ifNoneMatch: '"v1"' }, 'proceed'],
  ['write', { ifUnmodifiedSince: before }, 'proceed'],
];

describe('evaluatePreconditions', () => {
  it.each(rows)('%s of something, %j: %s', (purpose, conditions, expected) => {
    expect(evaluatePreconditions(purpose, conditions, current, now)).toBe(expected);
  });

  it.each(absent)('%s of nothing, %j: %s', (purpose, conditions, expected) => {
    expect(evaluatePreconditions(purpose, conditions, undefined, now)).toBe(expected);
  });
});
