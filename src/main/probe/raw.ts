/**
 * What really comes over a connection, without a parser of HTTP between: a parser does not look for a body where there
 * must be none (HEAD, 304), and quietly drops a connection on which too much has come.
 */
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectSecure } from 'node:tls';
import { messageOf, SluiceError } from '#shared/errors.ts';
import type { Destination } from './reach.ts';

export interface RawTarget {
  readonly url: URL;
  readonly destination: Destination;
}

export interface RawRequest {
  readonly method: string;
  readonly fields: readonly (readonly [string, string])[];
  /** Whether the server is asked to close the connection after its answer. */
  readonly isLast: boolean;
}

export interface RawAnswer {
  readonly status: number;
  /** Of a field with this name in lower case. */
  readonly field: (name: string) => string | undefined;
  /** What followed the head; latin-1. */
  readonly rest: string;
}

const limitBytes = 256 * 1024;
const headMs = 15_000;
/** After the head, this much silence means that nothing more comes. */
const quietMs = 5000;
/** How long something may trail behind an answer that is complete. */
const trailMs = 60;

/** One connection. Disposing closes it. */
export class RawConnection implements Disposable {
  readonly #url: URL;
  readonly #socket: Socket;
  readonly #signal: AbortSignal;
  #received = '';
  #ended: 'closed' | 'failed' | undefined;
  #failure = '';
  #wake = (): void => undefined;
  readonly #onAbort = (): void => this.#wake();

  constructor({ url, destination }: RawTarget, signal: AbortSignal) {
    this.#url = url;
    this.#signal = signal;
    this.#socket = open(url, destination);
    this.#socket.setEncoding('latin1');
    this.#socket.on('data', (text: string) => {
      this.#received += text;
      if (this.#received.length > limitBytes) this.#socket.destroy();
      this.#wake();
    });
    this.#socket.on('error', (error) => {
      this.#ended = 'failed';
      this.#failure = messageOf(error);
      this.#wake();
    });
    this.#socket.on('close', () => {
      this.#ended ??= 'closed';
      this.#wake();
    });
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  get isOpen(): boolean {
    return this.#ended === undefined;
  }

  /**
   * Sends a request and reads its head, and after it until `expected` bytes have followed and nothing trails, or until
   * the connection is closed or silent. @throws SluiceError STORE_UNAVAILABLE, STORE_MISBEHAVED; ABORTED
   */
  async ask(request: RawRequest, expected: (answer: RawAnswer) => number): Promise<RawAnswer> {
    this.#received = '';
    const { method, fields, isLast } = request;
    const sent = [...fields, ...(isLast ? [['Connection', 'close'] as const] : [])];
    const lines = sent.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    const { pathname, search, host } = this.#url;
    this.#socket.write(`${method} ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\n${lines}\r\n`, 'latin1');
    await this.#until(() => parse(this.#received) !== undefined, headMs);
    const head = parse(this.#received);
    if (!head) throw this.#noHead();
    const wanted = expected(head);
    await this.#until(() => (parse(this.#received)?.rest.length ?? 0) >= wanted, quietMs);
    await this.#until(() => false, trailMs);
    return parse(this.#received) ?? head;
  }

  [Symbol.dispose](): void {
    this.#signal.removeEventListener('abort', this.#onAbort);
    this.#socket.destroy();
  }

  #noHead(): SluiceError {
    const { host } = this.#url;
    if (this.#ended === 'failed')
      return new SluiceError('STORE_UNAVAILABLE', `${host} failed (${this.#failure})`);
    return new SluiceError('STORE_MISBEHAVED', `${host} sent no whole head of an answer`);
  }

  /** Resolves when `isEnough`, when nothing came for so long, or when the connection is over. */
  async #until(isEnough: () => boolean, silenceMs: number): Promise<void> {
    for (;;) {
      if (this.#signal.aborted) throw new SluiceError('ABORTED', 'cancelled', { cause: this.#signal.reason });
      if (isEnough() || !this.isOpen) return;
      const before = this.#received.length;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, silenceMs);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      if (this.isOpen && this.#received.length === before) return;
    }
  }
}

function open(url: URL, { address, port }: Destination): Socket {
  if (url.protocol === 'http:') return connectPlain({ host: address, port });
  const name = url.hostname.replace(/^\[|\]$/g, '');
  return connectSecure({ host: address, port, ...(isIP(name) === 0 && { servername: name }) });
}

/** Informational answers before the final one are skipped. */
function parse(text: string): RawAnswer | undefined {
  const end = text.indexOf('\r\n\r\n');
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1];
  if (end < 0 || status === undefined) return undefined;
  const rest = text.slice(end + 4);
  if (status.startsWith('1')) return parse(rest);
  const lines = text.slice(0, end).split('\r\n').slice(1);
  const field = (name: string): string | undefined => {
    const line = lines.find((each) => each.toLowerCase().startsWith(`${name}:`));
    return line?.slice(name.length + 1).trim();
  };
  return { status: Number(status), field, rest };
}
