/** What is sent again, and how the two answers differ. */
import type { Replay, ReplayInput } from '#shared/contract/requests.ts';
import type { RequestDetail } from '#shared/request-model.ts';
import { formatBytes } from '#shared/units.ts';
import { combined } from './explained.ts';
import { redacted } from './curl.ts';

/** The fields that can be changed, in the order in which RFC 9110 asks them. */
export const editable = [
  'Range',
  'If-Range',
  'If-Match',
  'If-None-Match',
  'If-Modified-Since',
  'If-Unmodified-Since',
] as const;
type Editable = (typeof editable)[number];
export type Edits = Readonly<Record<Editable, string>>;

/** The server says these itself, or they were for another connection. */
const leftOut =
  /^(host|connection|content-length|transfer-encoding|upgrade|keep-alive|te|trailer|expect|proxy-.*)$/i;

/** What the request had; empty where it had nothing. */
export function editsOf({ requestHeaders }: RequestDetail): Edits {
  const fields = combined(requestHeaders);
  return Object.fromEntries(editable.map((name) => [name, fields[name.toLowerCase()] ?? ''])) as Edits;
}

export type Method = 'GET' | 'HEAD';

/** The same request but for the edits: an empty one leaves the field out. Secrets are not sent: nobody has them. */
export function replayInput(detail: RequestDetail, method: Method, edits: Edits): ReplayInput {
  const isEdited = (name: string): boolean =>
    editable.some((each) => each.toLowerCase() === name.toLowerCase());
  const others = detail.requestHeaders.filter(
    ([name, value]) => !isEdited(name) && !leftOut.test(name) && value !== redacted,
  );
  const own = editable.flatMap((name): [string, string][] =>
    edits[name] === '' ? [] : [[name, edits[name]]],
  );
  return { request: { method, path: detail.url, headers: [...others, ...own] } };
}

export interface Difference {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

/** Fields that differ for every answer. */
const always = /^(date|age|keep-alive|connection|x-request-id)$/i;

/** How the new answer differs from the old one; the date is no difference. */
export function differencesOf(detail: RequestDetail, replay: Replay): readonly Difference[] {
  const [before, after] = [combined(detail.responseHeaders), combined(replay.headers)];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => !always.test(name),
  );
  const all = [
    { name: 'status', before: `${detail.row.status}`, after: `${replay.status}` },
    { name: 'body', before: formatBytes(detail.row.sentBytes), after: formatBytes(replay.bodyBytes) },
    ...names.toSorted().map((name) => ({ name, before: before[name] ?? '–', after: after[name] ?? '–' })),
  ];
  return all.filter((each) => each.before !== each.after);
}
