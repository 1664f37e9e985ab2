/** What the view says: states, reasons, names and commands as sentences. */
import type { DownloadRow } from '#shared/download-model.ts';
import type { CellState, FetchLane } from '#shared/vocabulary/downloads.ts';
import { formatBytes, formatCount } from '#shared/units.ts';
import type { Piece } from '../../state/pieces.ts';

export const cellMeanings: Readonly<Record<CellState, string>> = {
  receiving: 'Bytes come in: the fill rises',
  held: 'In memory, complete, and a transfer wants it',
  draining: 'On its way to a client',
  waiting: 'Asked the store; no byte yet',
  queued: 'Memory is reserved; it waits for a permit',
  retry: 'An attempt failed; the next waits',
  failed: 'Given up',
  cached: 'In memory, and no transfer wants it now',
  partly: 'Only small reads of it have been fetched',
  disk: 'Not in memory; on disk',
  evicted: 'Was fetched, and is nowhere but in the store now',
  cancelled: 'Called back before it was complete: nobody wanted it any more',
  never: 'Never fetched in this download',
};

export const laneWords: Readonly<Record<FetchLane, string>> = {
  small: 'a small read',
  demand: 'a client that waited',
  ahead: 'read ahead',
  'first look': 'came along with the first look',
};

const reasons: Readonly<Record<string, string>> = {
  STORE_UNAVAILABLE: 'the store did not answer, or broke off',
  STORE_MISBEHAVED: 'the answer contradicted the question',
  STORE_REFUSED: 'the store refused',
  STORE_STALLED: 'no byte came in time',
  REVISION_CHANGED: 'the object was replaced or deleted',
  ABORTED: 'called back',
};

/** Why an attempt failed. */
export function reasonWords(code: string): string {
  const known = Object.hasOwn(reasons, code) ? reasons[code] : undefined;
  return known ?? code.toLowerCase().replaceAll('_', ' ');
}

/** A store's validator without what it was seen at: an HTTP origin's has its address behind it. */
export function revisionWords(revision: string): string {
  return revision.split(/\s/)[0] ?? revision;
}

/** `2`, `1 + hedge won`: how often it was asked, and whether twice at a time. */
export function attemptWords({ attempts, hedge }: Piece): string {
  const twice = { none: '', hedged: ' + hedge', won: ' + hedge won' }[hedge];
  return `${formatCount(attempts)}${twice}`;
}

/** `12.0 – 13.0 MiB` of the object. */
export function spanWords(start: number, end: number): string {
  return `${formatBytes(start)} – ${formatBytes(end)}`;
}

/** Asks for these bytes again, in a shell. `undefined` where nobody has asked by a path that there can be. */
export function curlCommand(
  { path }: Pick<DownloadRow, 'path'>,
  serverUrl: string,
  range: { readonly start: number; readonly end: number },
): string | undefined {
  if (path === undefined) return undefined;
  const place = [path.replace(/^\/+/, ''), serverUrl.replace(/\/?$/, '/')] as const;
  // A recording may have been written by anybody.
  if (!URL.canParse(...place)) return undefined;
  const url = new URL(...place).href;
  return `curl --fail --silent --show-error --range ${range.start}-${range.end - 1} --output /dev/null --write-out '%{http_code} %{size_download} bytes in %{time_total} s\\n' ${quoted(url)}`;
}

/** One word for a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The filter of the Requests view for one object. */
export function requestsFilter(object: string): string {
  return /[\s"()]/.test(object) ? `object:"${object.replaceAll('"', '')}"` : `object:${object}`;
}
