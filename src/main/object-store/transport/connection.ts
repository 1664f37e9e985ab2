/**
 * A connection that lends its socket to one answer at a time, by `onread`: the socket asks for memory before each
 * read. Over TCP the kernel writes into it and, once the socket is destroyed, nothing does. Over TLS it would be
 * OpenSSL that does, record after record of what has been received already, even after `destroy`: so TLS gets the
 * small buffer of the connection, and the body is copied out of it.
 */
import { connect as connectTcp, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { SluiceError } from '#shared/errors.ts';
import type { BodySource } from './answer-body.ts';
import { AnswerReader } from './answer-reader.ts';
import type { Answer } from './answer-reader.ts';
import { ReadTurns } from './read-turns.ts';
import type { Origin } from './request-head.ts';
import type { ScratchPool } from './scratch.ts';

/** Certificates to trust instead of Node's own. */
export interface Trust {
  readonly ca?: string | undefined;
}

/** Told about the request that is on its way. */
export interface ExchangeListener {
  onAnswer(answer: Answer): void;
  /** There will be no answer. What goes wrong after `onAnswer` is the body's. */
  onFailure(error: Error): void;
  /** The exchange is over, well or not. */
  onEnd(): void;
}

interface Exchange {
  readonly reader: AnswerReader;
  readonly listener: ExchangeListener;
  answer?: Answer;
}

export class Connection {
  readonly #socket: Socket;
  readonly #turns: ReadTurns;
  readonly #pool: ScratchPool;
  /** More than one only while a body waits for its reader. */
  readonly #scratch: Buffer[] = [];
  readonly #scratchAt = (index: number) => (this.#scratch[index] ??= this.#pool.take());
  readonly #secure: boolean;
  /** Later than `destroyed`: its handle is closed, too. */
  #closed = false;
  #exchange: Exchange | undefined;

  /** Connects. `onClose`: it cannot be used any more. */
  constructor(origin: Origin, trust: Trust, scratch: ScratchPool, onClose: () => void) {
    this.#secure = origin.secure;
    this.#pool = scratch;
    this.#socket = connect(origin, trust, {
      buffer: () => this.#nextBuffer(),
      callback: (count, buffer) => this.#received(count, buffer),
    });
    this.#turns = new ReadTurns(this.#socket);
    let problem: Error | undefined;
    this.#socket
      .on('error', (error) => (problem = error))
      .on('timeout', () => this.#socket.destroy())
      .on('end', () => this.#ended(undefined))
      .on('close', () => {
        this.#closed = true;
        onClose();
        this.#ended(problem ?? closedByStore());
        this.#giveBack();
      });
  }

  /** Whether another request may be sent. */
  get free(): boolean {
    return this.#exchange === undefined && !this.#socket.destroyed && this.#socket.readable;
  }

  /** Sends a request. Only while `free`. */
  send(head: string, listener: ExchangeListener): void {
    const exchange: Exchange = {
      listener,
      reader: new AnswerReader(
        head.startsWith('HEAD ') ? 'HEAD' : 'GET',
        this.#scratchAt,
        this.#source(),
        (answer) => {
          exchange.answer = answer;
          listener.onAnswer(answer);
        },
      ),
    };
    this.#exchange = exchange;
    this.#socket.setTimeout(0).ref();
    this.#socket.write(head, 'latin1');
  }

  /** Keeps the connection for so long, without keeping the process. */
  rest(idleMilliseconds: number): void {
    this.#socket.setTimeout(idleMilliseconds).unref();
    this.#turns.resume(); // To notice what comes unasked, and the end.
  }

  /** Ends the connection in this tick; the request on its way fails with `error`. */
  destroy(error: Error): void {
    this.#socket.destroy();
    const exchange = this.#end();
    if (exchange && !exchange.reader.fail(error)) exchange.listener.onFailure(error);
  }

  #nextBuffer(): Uint8Array {
    const reader = this.#exchange?.reader;
    const buffer = reader?.buffer() ?? this.#scratchAt(0);
    // Whichever was handed out before is replaced by this one, so nothing writes to the others any more.
    if (reader?.waits !== true) for (const extra of this.#scratch.splice(1)) this.#pool.give(extra);
    return buffer;
  }

  #received(count: number, buffer: Uint8Array): boolean {
    if (!this.#exchange) {
      this.#socket.destroy(); // Nobody asked.
      return true;
    }
    this.#turns.took(count);
    try {
      this.#exchange.reader.received(count, buffer);
    } catch (error) {
      this.destroy(error instanceof Error ? error : new Error(String(error)));
    }
    return true;
  }

  #source(): BodySource {
    return {
      lands: !this.#secure,
      pause: () => this.#turns.pause(),
      resume: () => this.#turns.resume(),
      cut: () => {
        this.#socket.destroy();
        this.#end();
      },
      finished: (end) => {
        const reusable = end === 'clean' && this.#exchange?.answer?.head.persistent === true;
        if (!reusable) this.#socket.destroy();
        this.#end();
      },
    };
  }

  #ended(error: Error | undefined): void {
    const exchange = this.#exchange;
    if (!exchange || exchange.reader.connectionEnded(error)) return;
    this.destroy(error ?? closedByStore(' without an answer'));
  }

  #end(): Exchange | undefined {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    exchange?.listener.onEnd();
    this.#giveBack();
    return exchange;
  }

  /**
   * Not before the handle has closed: until then TLS may still write to its buffer. And not before the body has been
   * taken, which may happen later.
   */
  #giveBack(): void {
    if (this.#exchange || !this.#closed) return;
    for (const scratch of this.#scratch.splice(0)) this.#pool.give(scratch);
  }
}

function closedByStore(how = ''): SluiceError {
  return new SluiceError('STORE_UNAVAILABLE', `the store closed the connection${how}`);
}

interface OnRead {
  readonly buffer: () => Uint8Array;
  readonly callback: (count: number, buffer: Uint8Array) => boolean;
}

function connect({ secure, host, port }: Origin, trust: Trust, onread: OnRead): Socket {
  const options = { host, port, noDelay: true, keepAlive: true, onread };
  if (!secure) return connectTcp(options);
  const servername = isIP(host) === 0 ? host : '';
  return connectTls({ ...options, ...trust, servername, ALPNProtocols: ['http/1.1'] });
}
