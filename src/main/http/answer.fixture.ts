/** For the tests of `answer`: one object of 1000 bytes, and a way to ask for it as a client would. */
import { answer, type Answer } from './answer.ts';
import { conditionsOf } from '#shared/http/conditions.ts';
import type { Representation } from './representation.ts';

export const now = new Date('2026-11-22T12:00:00Z');
/** Last-Modified of the object as it is sent, a second earlier and a second later. */
export const same = 'Sun, 22 Nov 2026 08:49:37 GMT';
export const before = 'Sun, 22 Nov 2026 08:49:36 GMT';
export const after = 'Sun, 22 Nov 2026 08:49:38 GMT';

const representation: Representation = {
  length: 1000,
  etag: 'v1',
  lastModified: new Date('2026-11-22T08:49:37.900Z'),
  mediaType: 'application/zstd',
  fields: {
    'content-type': ['text/plain'],
    'cache-control': 'no-cache',
    'x-cachew-snapshot-commit': 'c0ffee',
  },
};

/** Request fields; several values are several lines. */
export type Fields = Readonly<Record<string, string | readonly string[]>>;

export function ask(
  fields: Fields,
  changes: Partial<Representation> = {},
  method: 'GET' | 'HEAD' = 'GET',
): Answer {
  const distinct = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, [value].flat()]));
  const request = { method, conditions: conditionsOf(distinct) };
  return answer(request, { ...representation, ...changes }, { boundary: 'B0UNDARY', now });
}

export function status(fields: Fields, changes: Partial<Representation> = {}): number {
  return ask(fields, changes).status;
}

/** What tells a whole answer from a partial one. */
export function described({ status, headers }: Answer): readonly unknown[] {
  return [status, headers['content-range'], headers['content-length']];
}
