/**
 * The head of an answer (RFC 9112, sections 4 to 6), read strictly: what node:http would refuse is refused, and
 * besides whatever two readers could understand in two ways.
 */
import { SluiceError } from '#shared/errors.ts';

/** How the end of a body is known. */
export type Framing =
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'close' };

export interface AnswerHead {
  readonly status: number;
  readonly reason: string;
  /** Names in lower case; values of one name joined as node:http joins them. */
  readonly headers: Readonly<Record<string, string>>;
  /** Every value of each name, as it came. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
  readonly framing: Framing;
  /** Whether the other side keeps the connection. */
  readonly persistent: boolean;
}

/** The longest head, as in node:http. */
export const maxHeadBytes = 16_384;

const statusLine = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: ([\t\x20-\x7e\x80-\xff]*))?$/;
const fieldName = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const fieldValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Of these the first one counts, as in node:http; of others all do. */
const single = new Set(
  'age content-type etag expires last-modified location retry-after server user-agent'.split(' '),
);
/** Two of these, even equal ones, are how answers are smuggled. */
const framing = new Set(['content-length', 'transfer-encoding']);

/** @throws SluiceError STORE_MISBEHAVED */
export function malformed(what: string): SluiceError {
  return new SluiceError('STORE_MISBEHAVED', `the store did not speak HTTP: ${what}`);
}

/** What was asked: a HEAD is answered without the body that the head speaks of. */
export type Method = 'GET' | 'HEAD';

/** `text` is the head without the empty line, in latin1. @throws SluiceError STORE_MISBEHAVED */
export function parseAnswerHead(text: string, method: Method): AnswerHead {
  const [first = '', ...lines] = text.split('\r\n');
  const [, minor, digits, reason = ''] = statusLine.exec(first) ?? [];
  if (digits === undefined) throw malformed('a bad status line');
  const fields = parseFields(lines);
  const headers = new Map([...fields].map(([name, values]) => [name, joined(name, values)]));
  const status = Number(digits);
  const close = /(?:^|,)[\t ]*close[\t ]*(?:,|$)/i.test(headers.get('connection') ?? '');
  return {
    status,
    reason,
    headers: Object.fromEntries(headers),
    fields: Object.fromEntries(fields),
    framing: framingOf(status, headers, method),
    persistent: minor === '1' && !close,
  };
}

function parseFields(lines: readonly string[]): Map<string, string[]> {
  const fields = new Map<string, string[]>();
  for (const line of lines) {
    const [name, value] = parseField(line);
    // Some readers know the coding beside a tab, some do not.
    if (name === 'transfer-encoding' && line.includes('\t')) throw malformed('a tab in Transfer-Encoding');
    const before = fields.get(name);
    if (before && framing.has(name)) throw malformed(`${name} twice`);
    if (before) before.push(value);
    else fields.set(name, [value]);
  }
  return fields;
}

function joined(name: string, values: readonly string[]): string {
  return single.has(name) ? (values[0] ?? '') : values.join(', ');
}

/** A line of a head or a trailer; a folded one has no name. @throws SluiceError STORE_MISBEHAVED */
export function parseField(line: string): readonly [name: string, value: string] {
  const colon = line.indexOf(':');
  const name = line.slice(0, Math.max(0, colon));
  const value = line.slice(colon + 1);
  if (!fieldName.test(name) || !fieldValue.test(value)) throw malformed('a bad header field');
  return [name.toLowerCase(), trim(value)];
}

/** Without the blanks at both ends; not `String.trim`, which takes more than these, and no regular expression, which
 * takes quadratic time. */
function trim(value: string): string {
  let start = 0;
  let end = value.length;
  while (start < end && isBlank(value.charCodeAt(start))) start += 1;
  while (end > start && isBlank(value.charCodeAt(end - 1))) end -= 1;
  return value.slice(start, end);
}

const isBlank = (code: number) => code === 0x20 || code === 0x09;

/** RFC 9112, section 6.3. */
function framingOf(status: number, headers: ReadonlyMap<string, string>, method: Method): Framing {
  const coding = headers.get('transfer-encoding');
  const length = headers.get('content-length');
  if (coding !== undefined && length !== undefined) throw malformed('a length and a transfer coding');
  if (coding !== undefined && coding.toLowerCase() !== 'chunked')
    throw malformed(`transfer coding ${coding}`);
  if (length !== undefined && !(/^\d+$/.test(length) && Number.isSafeInteger(Number(length))))
    throw malformed(`Content-Length ${length}`);
  const bodiless = method === 'HEAD' || status < 200 || status === 204 || status === 304;
  if (bodiless) return { kind: 'length', bytes: 0 };
  if (coding !== undefined) return { kind: 'chunked' };
  return length === undefined ? { kind: 'close' } : { kind: 'length', bytes: Number(length) };
}
