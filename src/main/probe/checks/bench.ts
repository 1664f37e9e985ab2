/** What the checks work with: the object as it was when they began, and a way to ask for it. */
import { exchange, type ProbeAnswer } from '#main/probe/exchange.ts';
import { type RawAnswer, RawConnection } from '#main/probe/raw.ts';
import type { Destination } from '#main/probe/reach.ts';
import { SluiceError } from '#shared/errors.ts';
import { formatBytes } from '#shared/units.ts';

export type Fields = Readonly<Record<string, string>>;

export interface Asked {
  readonly method: string;
  readonly fields: Fields;
}

/** An answer with as much of its body as was read. */
export class CheckAnswer {
  readonly status: number;
  readonly body: Uint8Array;
  readonly ended: ProbeAnswer['ended'];
  readonly failure: string | undefined;
  readonly #fields: readonly (readonly [string, string])[];

  constructor(answer: ProbeAnswer, body: Uint8Array) {
    this.status = answer.status;
    this.body = body;
    this.ended = answer.ended;
    this.failure = answer.failure;
    this.#fields = answer.fields;
  }

  /** The combined value of a field, or `undefined`. */
  field(name: string): string | undefined {
    const values = this.#fields.filter(([each]) => each.toLowerCase() === name.toLowerCase());
    return values.length === 0 ? undefined : values.map(([, value]) => value).join(', ');
  }

  /** The value of Content-Length, when it is one number. */
  get contentLength(): number | undefined {
    const text = this.field('content-length');
    return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
  }

  /** `206 with bytes 0-9/100 and 10 bytes`. */
  get words(): string {
    const range = this.field('content-range');
    const body = `${this.ended === 'limit' ? 'more than ' : ''}${formatBytes(this.body.length)}`;
    const cut = this.failure === undefined ? '' : `, broken off: ${this.failure}`;
    return `${this.status} with ${range === undefined ? '' : `Content-Range ${range} and `}${body} of body${cut}`;
  }
}

/** What the URL selects. */
export interface Known {
  readonly length: number | undefined;
  readonly etag: string | undefined;
  readonly lastModified: string | undefined;
  /** The first bytes, up to `prefixBytes`. */
  readonly prefix: Uint8Array;
  /** The answer to a plain GET. */
  readonly whole: CheckAnswer;
  /** The answer to HEAD; its body is not looked at. */
  readonly head: CheckAnswer;
  readonly servesRanges: boolean;
}

/** So much of the object is compared with what ranges bring. */
const prefixBytes = 1024 * 1024;
/** So much of an answer is read, unless a check says otherwise. */
const answerBytes = 256 * 1024;

export class Bench {
  readonly url: URL;
  /** Everything asked since `forget`, the newest last. */
  readonly asked: Asked[] = [];
  readonly #destination: Destination;
  readonly #signal: AbortSignal;
  #known: Known | undefined;

  constructor(url: URL, destination: Destination, signal: AbortSignal) {
    this.url = url;
    this.#destination = destination;
    this.#signal = signal;
  }

  get known(): Known {
    if (!this.#known) throw new SluiceError('INVARIANT', 'the object has not been looked at');
    return this.#known;
  }

  /**
   * Looks at the object. @throws SluiceError INVALID_INPUT when the URL selects none that can be read; whatever asking
   * throws
   */
  async look(): Promise<Known> {
    const whole = await this.ask({}, 'GET', { limitBytes: prefixBytes });
    if (whole.status !== 200) throw new SluiceError('INVALID_INPUT', notReadable(this.url, whole));
    const head = await this.ask({}, 'HEAD');
    const probe = await this.ask({ Range: 'bytes=0-0' });
    const total = /^bytes \d+-\d+\/(\d{1,15})$/.exec(probe.field('content-range') ?? '')?.[1];
    const counted = whole.ended === 'whole' ? whole.body.length : undefined;
    this.#known = {
      length: counted ?? whole.contentLength ?? (total === undefined ? undefined : Number(total)),
      etag: whole.field('etag'),
      lastModified: whole.field('last-modified'),
      prefix: whole.body,
      whole,
      head,
      servesRanges: probe.status === 206,
    };
    this.forget();
    return this.#known;
  }

  forget(): void {
    this.asked.length = 0;
  }

  /** Asks on a connection of its own. */
  async ask(
    fields: Fields,
    method = 'GET',
    { limitBytes = answerBytes }: { readonly limitBytes?: number } = {},
  ): Promise<CheckAnswer> {
    return this.#ask({ method, fields }, limitBytes);
  }

  /** How many bytes come after the head, without a parser that would not look for them. */
  async bytesAfterHead(
    fields: Fields,
    method: string,
  ): Promise<Pick<RawAnswer, 'status'> & { readonly bytes: number }> {
    this.asked.push({ method, fields });
    using connection = this.connect();
    const { status, rest } = await connection.ask(
      { method, fields: Object.entries(fields), isLast: true },
      () => Infinity,
    );
    return { status, bytes: rest.length };
  }

  /** A connection for several requests in turn. */
  connect(): RawConnection {
    return new RawConnection({ url: this.url, destination: this.#destination }, this.#signal);
  }

  async #ask(asked: Asked, limitBytes: number): Promise<CheckAnswer> {
    this.asked.push(asked);
    const pieces: Uint8Array[] = [];
    const answer = await exchange(
      {
        url: this.url,
        method: asked.method,
        fields: [['Accept-Encoding', 'identity'], ...Object.entries(asked.fields)],
        destination: this.#destination,
        limitBytes,
        onBytes: (bytes) => pieces.push(bytes),
      },
      this.#signal,
    );
    return new CheckAnswer(answer, Buffer.concat(pieces));
  }
}

function notReadable(url: URL, answer: CheckAnswer): string {
  const location = answer.field('location');
  if (location !== undefined && URL.canParse(location, url.href))
    return `${url.href} answers ${answer.status}: it redirects to ${new URL(location, url.href).href}; check that`;
  return `${url.href} answers ${answer.status}: the checks need a URL that a plain GET can read`;
}
