/**
 * The way every request to an HTTP origin takes: over connections that are kept, without anything that would change
 * positions in a body, and with a name for whatever goes wrong.
 */
import { messageOf, SluiceError } from '#shared/errors.ts';
import { KiB } from '#shared/units.ts';
import { abortedError, ignore } from './cancel.ts';
import type { ConnectionMemory } from './object-store.ts';
import { throttledForMs } from './retry-after.ts';
import { retry } from './retry.ts';
import type { Backoff } from './retry.ts';
import type { AnswerBody } from './transport/answer-body.ts';
import type { Answer } from './transport/answer-reader.ts';
import { ConnectionPool } from './transport/connection-pool.ts';
import { originOf, requestHead } from './transport/request-head.ts';
import { watched } from './watchdog.ts';
import type { Patience, Watched } from './watchdog.ts';

const defaultPatience: Patience = { firstByteMilliseconds: 10_000, idleMilliseconds: 5000 };

/** What is left of an answer is read to its end when it is no more than this; else its connection is given up. */
const shortBytes = 16 * KiB;

export interface OriginClientOptions {
  readonly patience?: Patience | undefined;
  readonly backoff?: Backoff | undefined;
  readonly connectionMemory?: ConnectionMemory | undefined;
}

export interface OriginRequest {
  readonly method: 'GET' | 'HEAD';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Makes of an answer what was asked for; what it leaves unread is disposed of. */
type Use<T> = (answer: Answer, watch: Watched) => Promise<T> | T;

export class OriginClient implements Disposable {
  readonly #pool: ConnectionPool;
  readonly #patience: Patience;
  readonly #backoff: Backoff | undefined;

  constructor({ patience = defaultPatience, backoff, connectionMemory }: OriginClientOptions) {
    this.#pool = new ConnectionPool({ memory: connectionMemory });
    this.#patience = patience;
    this.#backoff = backoff;
  }

  /** Sends the request and uses its answer, again while that can help. @throws SluiceError; what `use` throws */
  request<T>(request: OriginRequest, use: Use<T>, signal: AbortSignal): Promise<T> {
    const exchange = async (watch: Watched) => {
      const answer = await this.once(request, watch.signal);
      watch.alive();
      try {
        return await use(answer, watch);
      } catch (error) {
        throw toOriginError(error, request.url);
      } finally {
        await disposeOf(answer.body);
      }
    };
    const attempt = () => watched(this.#patience, exchange, signal);
    return retry(attempt, { backoff: this.#backoff }, signal);
  }

  /**
   * One attempt, with no timer. The signal ends the connection at once, until the body has been taken to its end.
   * @throws SluiceError
   */
  async once({ method, url, headers }: OriginRequest, signal: AbortSignal): Promise<Answer> {
    const { protocol, hostname, host, port, pathname, search } = url;
    const head = requestHead({
      method,
      protocol,
      hostname,
      path: pathname + search,
      // Positions in a body count only while nobody on the way encodes it.
      headers: {
        host,
        'accept-encoding': 'identity',
        'user-agent': 'sluice',
        ...credentialsOf(url),
        ...headers,
      },
    });
    const origin = originOf({ protocol, hostname, port: port === '' ? undefined : Number(port) });
    try {
      return await this.#pool.exchange(origin, head, signal);
    } catch (error) {
      throw signal.aborted ? abortedError(signal) : toOriginError(error, url);
    }
  }

  [Symbol.dispose](): void {
    this.#pool.destroy();
  }
}

/** The user and password of an address, as a field (RFC 7617, section 2). */
function credentialsOf({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === '' && password === '') return {};
  const plain = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(plain).toString('base64')}` };
}

/** Reads to the end what is no more than short and nobody has read, so that its connection can be used again. */
export async function disposeOf(body: AnswerBody): Promise<void> {
  if (!body.claimed && (body.memoryBytes ?? 0) <= shortBytes) await readShort(body).catch(ignore);
  body.destroy(); // After the last byte this changes nothing.
}

async function readShort(body: AnswerBody): Promise<void> {
  let bytes = 0;
  for await (const piece of body as AsyncIterable<Uint8Array>) {
    bytes += piece.length;
    if (bytes > shortBytes) return;
  }
}

/** The error for an answer whose status is none of those that its asker knows. */
export function unexpected({ head: { status, headers } }: Answer, url: URL): SluiceError {
  const { location } = headers;
  if (status >= 300 && status < 400 && location !== undefined) {
    const message = `${url.href} redirects to ${JSON.stringify(location)}: redirects are not followed, because what they lead to may change in the middle of an object; name the final address with --store`;
    return new SluiceError('STORE_REFUSED', message);
  }
  if (status === 429 || status >= 500) {
    const wait = throttledForMs(status, headers['retry-after']);
    return new SluiceError('STORE_UNAVAILABLE', `${url.href} answers ${status}`, { retryAfterMs: wait });
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
export function toOriginError(error: unknown, url: URL): unknown {
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
