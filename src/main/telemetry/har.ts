/**
 * Requests as HAR 1.2, the format that browsers' developer tools open. What HAR has no word for stands in fields that
 * begin with an underscore, as it asks. There are no bodies: none is kept.
 */
import type { RequestDetail, RequestRow } from '#shared/request-model.ts';

type Pairs = readonly (readonly [string, string])[];

/** Everything before the entries: they follow with commas between them, and then `harEnd`. */
export function harStart(version: string): string {
  const head = JSON.stringify({ log: { version: '1.2', creator: { name: 'sluice', version }, entries: [] } });
  return head.slice(0, -harEnd.length);
}

export const harEnd = ']}}';

/** One entry. `origin` is where the server was asked, as `http://127.0.0.1:7420`; `detail` is there while it is kept. */
export function harEntry(origin: string, row: RequestRow, detail: RequestDetail | undefined): object {
  const { firstByteMs, durationMs, askedBytes } = row;
  const requestHeaders =
    detail?.requestHeaders ?? (row.range === undefined ? [] : [['Range', row.range] as const]);
  const responseHeaders = detail?.responseHeaders ?? [];
  const blocked = Math.min(detail?.timing.admissionMs ?? 0, firstByteMs ?? durationMs);
  const wait = Math.max(0, (firstByteMs ?? durationMs) - blocked);
  const receive = Math.max(0, durationMs - blocked - wait);
  return {
    startedDateTime: new Date(row.at).toISOString(),
    time: blocked + wait + receive,
    request: {
      method: row.method,
      url: urlOf(origin, row, detail),
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: named(requestHeaders),
      queryString: queryOf(detail?.url ?? row.target),
      headersSize: -1,
      bodySize: -1,
    },
    response: {
      status: row.status,
      statusText: '',
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: named(responseHeaders),
      content: { size: row.sentBytes, mimeType: fieldOf(responseHeaders, 'content-type') ?? '' },
      redirectURL: fieldOf(responseHeaders, 'location') ?? '',
      headersSize: -1,
      bodySize: row.sentBytes,
    },
    cache: {},
    timings: { blocked, dns: -1, connect: -1, ssl: -1, send: 0, wait, receive },
    _seq: row.seq,
    _object: row.target,
    _client: row.client,
    _complete: row.complete,
    _tier: row.tier,
    _range: row.rangeKind,
    _ifRange: row.ifRange,
    _condition: row.condition,
    _spans: row.spans,
    _objectBytes: row.objectBytes,
    _askedBytes: askedBytes,
    _heldMs: row.heldMs,
    _chunks: detail?.chunks,
  };
}

/** The address that was asked; of a request whose details have gone, as much as its row tells. */
function urlOf(origin: string, { target }: RequestRow, detail: RequestDetail | undefined): string {
  const path = detail?.url ?? (target.startsWith('/') ? target : `/${encodeURI(target)}`);
  return URL.canParse(path, origin) ? new URL(path, origin).href : origin;
}

function named(pairs: Pairs): readonly { readonly name: string; readonly value: string }[] {
  return pairs.map(([name, value]) => ({ name, value }));
}

function queryOf(url: string): ReturnType<typeof named> {
  const at = url.indexOf('?');
  return at < 0 ? [] : named([...new URLSearchParams(url.slice(at + 1))]);
}

function fieldOf(pairs: Pairs, wanted: string): string | undefined {
  return pairs.find(([name]) => name.toLowerCase() === wanted)?.[1];
}
