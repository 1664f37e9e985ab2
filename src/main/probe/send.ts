/** One request of the Range Lab, from its text to a record that a console can hold. */
import { createHash } from 'node:crypto';
import { keptBytes, keptFields, type LabAnswer, type LabRequest, readLimitBytes } from '#shared/lab-model.ts';
import { exchange, type ProbeAnswer } from './exchange.ts';
import { fieldsOf } from './fields.ts';
import { PartFinder } from './parts.ts';
import { destinationOf, parseTarget, type Reach, type Resolve } from './reach.ts';

/** The longest name or value of an answer's field that is kept. */
const keptFieldLength = 2048;

export interface SendOptions {
  readonly reach: Reach;
  readonly resolve?: Resolve;
  readonly limitBytes?: number;
}

/**
 * Sends one request; whatever status answers it, and wherever it redirects, is the result.
 * @throws SluiceError INVALID_INPUT, FORBIDDEN; STORE_UNAVAILABLE, STORE_STALLED, STORE_MISBEHAVED when no answer
 * arrives; ABORTED
 */
export async function sendRequest(
  { url: text, method, fields }: LabRequest,
  { reach, resolve, limitBytes = readLimitBytes }: SendOptions,
  signal: AbortSignal,
): Promise<LabAnswer> {
  const url = parseTarget(text);
  const destination = await destinationOf(url, reach, resolve);
  const hash = createHash('sha256');
  const start: Uint8Array[] = [];
  let started = 0;
  let parts: PartFinder | undefined;
  const onFields = (received: ProbeAnswer['fields']): void => {
    const type = received.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
    if (/^multipart\/byteranges/i.test(type)) parts = new PartFinder();
  };
  const onBytes = (bytes: Uint8Array): void => {
    hash.update(bytes);
    parts?.push(bytes);
    if (started >= keptBytes) return;
    // A copy: a slice would keep the whole buffer of the socket.
    const first = Buffer.from(bytes.subarray(0, keptBytes - started));
    start.push(first);
    started += first.length;
  };
  const answer = await exchange(
    { url, method, fields: fieldsOf(fields), destination, limitBytes, onFields, onBytes },
    signal,
  );
  const location = answer.fields.find(([name]) => name.toLowerCase() === 'location')?.[1];
  const { address, family, port } = destination;
  return {
    url: url.href,
    method,
    sent: answer.sent.map(([name, value]) => [name, value]),
    address: `${family === 6 ? `[${address}]` : address}:${port}`,
    status: answer.status,
    reason: answer.reason.slice(0, 200),
    fields: answer.fields.slice(0, keptFields).map(([name, value]) => [shortened(name), shortened(value)]),
    moreFields: Math.max(0, answer.fields.length - keptFields),
    bodyBytes: answer.bodyBytes,
    ended: answer.ended,
    ...(answer.failure !== undefined && { failure: answer.failure }),
    ...(parts && { parts: parts.ranges.map(({ start: first, end }) => [first, end]) }),
    start: Buffer.concat(start).toString('base64'),
    sha256: hash.digest('hex'),
    ...(isRedirect(answer.status) && redirect(location, url)),
    timing: answer.timing,
  };
}

function shortened(text: string): string {
  return text.length > keptFieldLength ? `${text.slice(0, keptFieldLength)}…` : text;
}

function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

function redirect(location: string | undefined, from: URL): { readonly location?: string } {
  if (location === undefined || !URL.canParse(location, from.href)) return {};
  return { location: new URL(location, from).href.slice(0, 4096) };
}
