/**
 * One HTTP exchange, streamed both ways: a body is read from its source only as fast as the server takes it, and an
 * answer only as fast as its reader asks, so neither is ever held as a whole. Silence of the other side is limited;
 * a pause of our own reader or source is not silence.
 */
import {
  request as requestPlain,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from 'node:http';
import { request as requestSecure } from 'node:https';
import { pipeline } from 'node:stream/promises';
import { abortedError, throwIfAborted } from '#main/object-store/cancel.ts';
import { isSluiceError, messageOf, SluiceError } from '#shared/errors.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'DELETE';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent chunked; when it fails, the connection is cut, so that the server never takes it for complete. */
  readonly body?: AsyncIterable<Uint8Array>;
  /** How long the server may be silent, in milliseconds; a minute unless it has to make first what is asked for. */
  readonly silenceMilliseconds?: number;
}

/** Disposing closes the connection unless the body was read to its end. */
export interface HttpAnswer extends Disposable {
  /** Where the answer came from, after redirects. */
  readonly url: URL;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /**
   * To be read once. Ends without an error only when it is complete by Content-Length or chunked framing.
   * @throws SluiceError STORE_UNAVAILABLE, STORE_STALLED, ABORTED
   */
  readonly body: AsyncIterable<Uint8Array>;
}

const usualSilenceMilliseconds = 60_000;
const maxRedirects = 5;

/**
 * Sends `request` and resolves with the head of its answer, whatever the status. GET and HEAD follow redirects.
 * @throws SluiceError STORE_UNAVAILABLE, STORE_STALLED, STORE_MISBEHAVED, ABORTED; whatever the body fails with
 */
export async function send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
  let { url } = request;
  for (let redirects = 0; ; redirects += 1) {
    const answer = await exchange({ ...request, url }, signal);
    const location = isRedirect(answer.status) && !request.body ? answer.headers.location : undefined;
    if (location === undefined) return answer;
    answer[Symbol.dispose]();
    if (request.headers?.['authorization'] !== undefined)
      throw new SluiceError('STORE_MISBEHAVED', `${url.href} redirects, and a token is for one address`);
    if (redirects === maxRedirects)
      throw new SluiceError('STORE_MISBEHAVED', `${url.href} redirects too often`);
    url = redirected(url, location);
  }
}

function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

function redirected(from: URL, location: string): URL {
  const to = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  const isSafe = to?.protocol === 'https:' || (to?.protocol === 'http:' && from.protocol === 'http:');
  if (to && isSafe) return to;
  throw new SluiceError('STORE_MISBEHAVED', `${from.href} redirects to ${JSON.stringify(location)}`);
}

async function exchange(
  { method, url, headers, body, silenceMilliseconds = usualSilenceMilliseconds }: HttpRequest,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  throwIfAborted(signal);
  const start: typeof requestPlain = url.protocol === 'https:' ? requestSecure : requestPlain;
  // A body cannot be sent twice, so it does not go over a kept connection that the server may be about to close.
  const request = start(url, { method, signal, headers: { ...headers }, ...(body && { agent: false }) });
  const answered = responseTo(request);
  try {
    const sent = upload(request, body);
    const answeredInTime = sent.then(() => within(answered, request, silenceMilliseconds));
    const message = await Promise.race([answered, answeredInTime]);
    // An early answer is final when it is a refusal; success counts once everything was sent.
    if ((message.statusCode ?? 0) < 400) await sent;
    return toAnswer(message, request, { url, silenceMilliseconds }, signal);
  } catch (error) {
    request.destroy();
    throw asFailure(error, url, signal);
  }
}

function responseTo(request: ClientRequest): Promise<IncomingMessage> {
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve);
    request.on('error', reject);
  });
  answered.catch(() => undefined);
  return answered;
}

/** The body's source failed, not the network. */
class SourceFailure extends Error {}

async function upload(request: ClientRequest, body: AsyncIterable<Uint8Array> | undefined): Promise<void> {
  if (!body) {
    request.end();
    return;
  }
  let sourceFailure: SourceFailure | undefined;
  const source = async function* () {
    try {
      yield* body;
    } catch (cause) {
      sourceFailure = new SourceFailure('the body broke off', { cause });
      throw sourceFailure;
    }
  };
  try {
    await pipeline(source, request);
  } catch (error) {
    if (sourceFailure) throw sourceFailure;
    // The server closed: it may have said why.
    await within(answerOrFailure(request, error), request, usualSilenceMilliseconds);
  }
}

/** Resolves when an answer arrives after all; rejects with `failure` when the connection ends without one. */
function answerOrFailure(request: ClientRequest, failure: unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    request.once('response', () => resolve());
    request.once('close', () => reject(failure));
    if (request.closed) reject(failure);
  });
}

async function within<T>(answered: Promise<T>, request: ClientRequest, milliseconds: number): Promise<T> {
  const timer = setTimeout(() => request.destroy(stalled(request.host, milliseconds)), milliseconds);
  try {
    return await answered;
  } finally {
    clearTimeout(timer);
  }
}

type Patience = Required<Pick<HttpRequest, 'url' | 'silenceMilliseconds'>>;

function toAnswer(
  message: IncomingMessage,
  request: ClientRequest,
  patience: Patience,
  signal: AbortSignal,
): HttpAnswer {
  return {
    url: patience.url,
    status: message.statusCode ?? 0,
    headers: message.headers,
    body: read(message, patience, signal),
    [Symbol.dispose]() {
      message.on('error', () => undefined);
      // A server that refused early may still be taking our body: it is of no use any more.
      if (message.complete && request.writableFinished) message.resume();
      else request.destroy();
    },
  };
}

async function* read(
  message: IncomingMessage,
  { url, silenceMilliseconds: milliseconds }: Patience,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  const watch = () => setTimeout(() => message.destroy(stalled(url.host, milliseconds)), milliseconds);
  let timer = watch();
  try {
    for await (const bytes of message as AsyncIterable<Uint8Array>) {
      clearTimeout(timer);
      yield bytes;
      timer = watch();
    }
  } catch (error) {
    throw asFailure(error, url, signal);
  } finally {
    clearTimeout(timer);
  }
}

function stalled(host: string, milliseconds: number): SluiceError {
  return new SluiceError('STORE_STALLED', `${host} was silent for ${milliseconds / 1000} s`);
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'does not answer: nothing listens there',
  ECONNRESET: 'broke off the connection',
  EPIPE: 'broke off the connection',
  ENOTFOUND: 'does not answer: the host name is unknown',
  EAI_AGAIN: 'does not answer: the host name cannot be looked up',
  ETIMEDOUT: 'does not answer',
};

/** The Node error code of a failed connection, also through our own errors. */
export function networkCode(error: unknown): string | undefined {
  const cause = isSluiceError(error) ? error.cause : error;
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

function asFailure(error: unknown, url: URL, signal: AbortSignal): unknown {
  if (signal.aborted) return abortedError(signal);
  if (error instanceof SourceFailure) return error.cause;
  const code = networkCode(error);
  if (isSluiceError(error) || code === undefined) return error;
  return new SluiceError(
    'STORE_UNAVAILABLE',
    `${url.origin} ${reasons[code] ?? `failed (${messageOf(error)})`}`,
    {
      cause: error,
    },
  );
}
