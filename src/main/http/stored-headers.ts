/**
 * Which fields of an upload are kept with the object and sent again with it: those that describe the object. Not
 * those that concern the message, the connection, the one who sent it, or the origin that will serve it. The same
 * rule is applied when an object is served, because a bucket may have been filled by others.
 */
import { combined, type DistinctHeaders } from '#shared/http/conditions.ts';
import type { FieldValue } from './representation.ts';

const words = (text: string) => text.split(' ');

/** How the message travelled and who asked. */
const message = words(
  'content-length content-range transfer-encoding date expect via forwarded host origin referer user-agent server accept from',
);
/** Conditions and commands of one request or answer; the validator is kept apart. */
const request = words(
  'if-match if-none-match if-modified-since if-unmodified-since if-range range time-to-live etag last-modified age',
);
/** Hop-by-hop (RFC 9110, section 7.6.1). */
const connection = words('connection keep-alive proxy-connection te trailer upgrade http2-settings');
const credentials = words('authorization cookie set-cookie www-authenticate authentication-info');
/** What would act on the origin or on the client instead of describing the object. */
const origin = words(
  'clear-site-data content-security-policy content-security-policy-report-only x-content-type-options refresh ' +
    'location strict-transport-security alt-svc service-worker-allowed',
);

const neverStored = new Set([message, request, connection, credentials, origin].flat());
const neverStoredPrefixes = ['accept-', 'access-control-', 'proxy-', 'sec-', 'x-forwarded-'];

const fieldName = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
const fieldValue = /^[\t\x20-\x7e\x80-\xff]*$/;

function describesObject(name: string): boolean {
  return (
    fieldName.test(name) && !neverStored.has(name) && !neverStoredPrefixes.some((it) => name.startsWith(it))
  );
}

/** The fields of an upload to store with its object; those that its Connection field names are left out too. */
export function headersToStore(headers: DistinctHeaders): Readonly<Record<string, readonly string[]>> {
  const options = (combined(headers, 'connection') ?? '').toLowerCase().split(',');
  const hopByHop = new Set(options.map((option) => option.trim()));
  const stored = Object.entries(headers).flatMap(([name, values]) =>
    values && describesObject(name) && !hopByHop.has(name) ? [[name, values] as const] : [],
  );
  return Object.fromEntries(stored);
}

/** `fields` that may be served, names in lower case: the rule above, less what HTTP cannot carry. */
export function fieldsToServe(fields: Readonly<Record<string, FieldValue>> = {}): Record<string, FieldValue> {
  const served = Object.entries(fields)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name, value]) => describesObject(name) && [value].flat().every(isFieldValue));
  return Object.fromEntries(served);
}

/** Whether HTTP can carry `value` in one line. */
export function isFieldValue(value: string): boolean {
  return fieldValue.test(value);
}
