/**
 * A connection that lends its socket to one answer at a time, by `onread`: the socket asks for memory before each
 * read. Over TCP the kernel writes into it and, once the socket is destroyed, nothing does. Over TLS it would be
 * OpenSSL that does, record after record of what has been received already, even after `destroy`: so TLS gets the
 * small buffer of the connection, and the body is copied out of it.
 */
import { connect as connectTcp, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { BodySource } from './answer-body.ts';
import { AnswerReader, allocateScratch } from './answer-reader.ts';
import type { Answer } from './answer-reader.ts';
import type { Origin } from './request-head.ts';

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
  readonly #scratch = allocateScratch();
  readonly #secure: boolean;
  #exchange: Exchange | undefined;

  /** Connects. `onClose`: it cannot be used any more. */
  constructor(origin: Origin, trust: Trust, onClose: () => void) {
    this.#secure = origin.secure;
    this.#socket = connect(origin, trust, {
      buffer: () => this.#exchange?.reader.buffer() ?? this.#scratch,
      callback: (count, buffer) => this.#received(count, buffer),
    });
    let problem: Error | undefined;
    this.#socket
      .on('error', (error) => (problem = error))
      .on('timeout', () => this.#socket.destroy())
      .on('end', () => this.#ended(undefined))
      .on('close', () => {
        onClose();
        this.#ended(problem ?? new Error('the store closed the connection'));
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
      reader: new AnswerReader(this.#scratch, this.#source(), (answer) => {
        exchange.answer = answer;
        listener.onAnswer(answer);
      }),
    };
    this.#exchange = exchange;
    this.#socket.setTimeout(0).ref();
    this.#socket.write(head, 'latin1');
  }

  /** Keeps the connection for so long, without keeping the process. */
  rest(idleMilliseconds: number): void {
    this.#socket.setTimeout(idleMilliseconds).unref();
    this.#socket.resume(); // To notice what comes unasked, and the end.
  }

  /** Ends the connection in this tick; the request on its way fails with `error`. */
  destroy(error: Error): void {
    this.#socket.destroy();
    const exchange = this.#end();
    if (exchange && !exchange.reader.fail(error)) exchange.listener.onFailure(error);
  }

  #received(count: number, buffer: Uint8Array): boolean {
    if (!this.#exchange) {
      this.#socket.destroy(); // Nobody asked.
      return true;
    }
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
      pause: () => this.#socket.pause(),
      resume: () => this.#socket.resume(),
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
    this.destroy(error ?? new Error('the store closed the connection without an answer'));
  }

  #end(): Exchange | undefined {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    exchange?.listener.onEnd();
    return exchange;
  }
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
