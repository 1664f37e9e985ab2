/** What the fields of a request mean for what it found, from its detail. */
import { explain, type Explanation } from '#shared/explain.ts';
import type { RequestDetail } from '#shared/request-model.ts';

/** Absent when nothing was selected: no object is there, or it was refused before one was looked up. */
export function explainDetail(detail: RequestDetail): Explanation | undefined {
  const { representation, requestHeaders, row } = detail;
  if (!representation || !/^(GET|HEAD)$/.test(row.method)) return undefined;
  return explain({ method: row.method, headers: combined(requestHeaders) }, representation, row.at);
}

/** Fields by lower-case name; several of one name are one, with commas (RFC 9110, 5.3). */
export function combined(fields: RequestDetail['requestHeaders']): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const [name, value] of fields) {
    const key = name.toLowerCase();
    const before = values[key];
    values[key] = before === undefined ? value : `${before}, ${value}`;
  }
  return values;
}
