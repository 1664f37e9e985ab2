/**
 * The way every request to an HTTP origin takes: timers, retries and cancellation as for S3, connections that are
 * kept, and what an answer means that nobody asked for.
 */
import { once } from 'node:events';
import { Agent as PlainAgent, request as requestPlain } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { Agent as SecureAgent, request as requestSecure } from 'node:https';
import { messageOf, SluiceError } from '#shared/errors.ts';
import { KiB } from '#shared/units.ts';
import { ignore } from './cancel.ts';
import { retry } from './retry.ts';
import type { Backoff, RetryOptions } from './retry.ts';
import { watched } from './watchdog.ts';
import type { Patience, Watched } from './watchdog.ts';

const defaultPatience: Patience = { firstByteMilliseconds: 10_000, idleMilliseconds: 5000 };

/** What is left of an answer is read to its end when it is no more than this; else its connection is given up. */
const shortBytes = 16 * KiB;

export interface OriginClientOptions {
  readonly patience?: Patience | undefined;
  readonly backoff?: Backoff | undefined;
}

export interface OriginRequest extends RetryOptions {
  readonly method: 'GET' | 'HEAD';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** Told before each attempt. */
  readonly onAttempt?: () => void;
}

/** Makes of an answer what was asked for; what it leaves unread is disposed of. */
type Use<T> = (answer: IncomingMessage, watch: Watched) => Promise<T> | T;

export class OriginClient implements Disposable {
  readonly #agents = {
    'http:': new PlainAgent({ keepAlive: true }),
    'https:': new SecureAgent({ keepAlive: true }),
  };
  readonly #patience: Patience;
  readonly #backoff: Backoff | undefined;

  constructor({ patience = defaultPatience, backoff }: OriginClientOptions) {
    this.#patience = patience;
    this.#backoff = backoff;
  }

  /** Sends the request and uses its answer, again while that can help. @throws SluiceError; what `use` throws */
  request<T>(request: OriginRequest, use: Use<T>, signal: AbortSignal): Promise<T> {
    const attempt = () =>
      watched(this.#patience, (watch) => this.#exchange(request, use, watch), signal).catch(
        (error: unknown) => {
          throw toOriginError(error, request.url);
        },
      );
    return retry(attempt, { backoff: this.#backoff, ...request }, signal);
  }

  async #exchange<T>(request: OriginRequest, use: Use<T>, watch: Watched): Promise<T> {
    request.onAttempt?.();
    const answer = await this.#send(request, watch.signal);
    watch.alive();
    try {
      return await use(answer, watch);
    } finally {
      const declared = request.method === 'HEAD' ? 0 : Number(answer.headers['content-length'] ?? 0);
      if (declared <= shortBytes) await readShortRest(answer).catch(ignore);
      answer.destroy(); // After the last byte this changes nothing.
    }
  }

  async #send({ method, url, headers }: OriginRequest, signal: AbortSignal): Promise<IncomingMessage> {
    const start: typeof requestPlain = url.protocol === 'https:' ? requestSecure : requestPlain;
    const agent = this.#agents[url.protocol === 'https:' ? 'https:' : 'http:'];
    // Positions in a body count only while nobody on the way encodes it.
    const fields = { 'accept-encoding': 'identity', 'user-agent': 'sluice', ...headers };
    const sent = start(url, { method, agent, signal, headers: fields });
    sent.end();
    const answered = once(sent, 'response') as Promise<[IncomingMessage]>;
    // An error after the answer began, or between two reads of it, would otherwise end the process.
    sent.on('error', ignore);
    const [answer] = await answered;
    return answer.on('error', ignore);
  }

  [Symbol.dispose](): void {
    for (const agent of Object.values(this.#agents)) agent.destroy();
  }
}

/** Reads to the end what is no more than short. */
async function readShortRest(answer: IncomingMessage): Promise<void> {
  let bytes = 0;
  for await (const piece of answer as AsyncIterable<Uint8Array | string>) {
    bytes += piece.length;
    if (bytes > shortBytes) return;
  }
}

/** The error for an answer whose status is none of those that its asker knows. */
export function unexpected(answer: IncomingMessage, url: URL): SluiceError {
  const status = answer.statusCode ?? 0;
  const { location } = answer.headers;
  if (status >= 300 && status < 400 && location !== undefined) {
    const message = `${url.href} redirects to ${JSON.stringify(location)}: redirects are not followed, because what they lead to may change in the middle of an object; name the final address with --store`;
    return new SluiceError('STORE_REFUSED', message);
  }
  if (status === 429 || status >= 500) {
    return new SluiceError('STORE_UNAVAILABLE', `${url.href} answers ${status}`);
  }
  if (status < 300) {
    return new SluiceError('STORE_MISBEHAVED', `${url.href} answers ${status}, which was not asked for`);
  }
  const isGuarded = status === 401 || status === 403 || status === 407;
  const reason = isGuarded ? ': it does not let Sluice read, which sends no credentials' : '';
  return new SluiceError('STORE_REFUSED', `${url.href} answers ${status}${reason}`);
}

/** No retry helps against a certificate that is not trusted. */
const untrusted =
  /^(CERT_|ERR_TLS_CERT|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT|UNABLE_TO_(GET|VERIFY)_)/;

/** A failure of the connection, as a SluiceError; one of ours is passed on. */
function toOriginError(error: unknown, url: URL): unknown {
  if (error instanceof SluiceError) return error;
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code === undefined) return error; // Not of the network: a mistake of our own must not look like one.
  if (untrusted.test(code)) {
    const message = `the certificate of ${url.host} is not trusted (${messageOf(error)}): give its authority with NODE_EXTRA_CA_CERTS`;
    return new SluiceError('STORE_REFUSED', message, { cause: error });
  }
  const message = `${url.origin} does not answer or broke off (${messageOf(error) || code})`;
  return new SluiceError('STORE_UNAVAILABLE', message, { cause: error });
}
