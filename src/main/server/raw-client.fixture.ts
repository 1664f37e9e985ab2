/**
 * A client that does only what it is told, byte by byte: for requests that no well-behaved library would send, and
 * for clients that stall. It reads from its socket only while somebody waits for an answer.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface RawResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export class RawClient implements Disposable {
  readonly #socket: Socket;
  readonly #incoming: AsyncIterator<Buffer>;
  #buffer = Buffer.alloc(0);
  #wasReset = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    // A reset is an end like any other here; reading reports it.
    socket.on('error', () => undefined);
    this.#incoming = socket[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  static async connect(url: string): Promise<RawClient> {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    await once(socket, 'connect');
    return new RawClient(socket);
  }

  /** Sends text as it stands (a string's line ends are CRLF already), or bytes. */
  send(data: string | Uint8Array): this {
    this.#socket.write(data);
    return this;
  }

  /** Sends a request line and fields; Host is added unless `fields` has one. */
  request(line: string, fields: readonly string[] = [], body = ''): this {
    const host = fields.some((field) => /^host:/i.test(field)) ? [] : ['Host: localhost'];
    return this.send([`${line} HTTP/1.1`, ...host, ...fields, '', body].join('\r\n'));
  }

  /** Status and fields of the next answer. @throws when the connection ends before they are there */
  async head(): Promise<Omit<RawResponse, 'body'>> {
    while (!this.#buffer.includes('\r\n\r\n')) {
      if (!(await this.#more()))
        throw new Error(`the connection ended after ${this.#buffer.toString('latin1')}`);
    }
    const end = this.#buffer.indexOf('\r\n\r\n');
    const [statusLine = '', ...lines] = this.#buffer.toString('latin1', 0, end).split('\r\n');
    this.#buffer = this.#buffer.subarray(end + 4);
    const headers = lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
    });
    return { status: Number(statusLine.split(' ')[1]), headers: Object.fromEntries(headers) };
  }

  /** Up to `length` bytes of a body: fewer when the connection ends. */
  async body(length: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    let wanted = length;
    while (wanted > 0 && (this.#buffer.length > 0 || (await this.#more()))) {
      const piece = this.#buffer.subarray(0, wanted);
      this.#buffer = this.#buffer.subarray(piece.length);
      pieces.push(piece);
      wanted -= piece.length;
    }
    return Buffer.concat(pieces);
  }

  /** The next answer to a request that has a body in its answer, if `Content-Length` says so. */
  async response(): Promise<RawResponse> {
    const head = await this.head();
    const bodiless = head.status === 304 || head.status < 200;
    return { ...head, body: await this.body(bodiless ? 0 : Number(head.headers['content-length'] ?? 0)) };
  }

  /** Resolves when the server has closed the connection. */
  async ended(): Promise<void> {
    while (await this.#more());
  }

  /** Reads to the end of the connection. @returns whether that was the other side's FIN or a reset */
  async howItEnds(): Promise<'ended' | 'reset'> {
    while (await this.#more()) this.#buffer = Buffer.alloc(0);
    return this.#wasReset ? 'reset' : 'ended';
  }

  /** Sends nothing any more (FIN), and reads on. */
  endSending(): this {
    this.#socket.end();
    return this;
  }

  /** Closes the connection at once, with RST. */
  reset(): void {
    this.#socket.resetAndDestroy();
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  async #more(): Promise<boolean> {
    try {
      const next = await this.#incoming.next();
      if (next.done) return false;
      this.#buffer = Buffer.concat([this.#buffer, next.value]);
      return true;
    } catch {
      // Reset by the server: the end, told less politely.
      this.#wasReset = true;
      return false;
    }
  }
}
