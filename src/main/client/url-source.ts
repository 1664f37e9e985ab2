/**
 * One URL as the store of an engine. The first look goes the way of all talk to servers (http.ts): it follows
 * redirects, and says in the server's words why there is nothing. What it finds is the revision; from then on ranges
 * are asked for where the redirects have led, pinned to it, and come straight into the engine's memory.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import type { FetchableStore } from '#main/fetch/context.ts';
import { throwIfAborted } from '#main/object-store/cancel.ts';
import { OriginClient } from '#main/object-store/http-origin-client.ts';
import { pinOf } from '#main/object-store/http-origin-head.ts';
import { openRange } from '#main/object-store/http-origin-read.ts';
import type { Discovery, ObjectRevision, RangeAnswer } from '#main/object-store/object-store.ts';
import { rangeAnswer, rangeField } from '#main/object-store/range-answer.ts';
import { isSluiceError, SluiceError } from '#shared/errors.ts';
import type { ByteRange } from '#shared/range.ts';
import { interpret, lengthOf, type Pin } from './first-answer.ts';
import { send, type HttpAnswer } from './http.ts';
import { refusal } from './refusal.ts';

/** All of what the URL selects, once. */
export interface WholeStream {
  /** `undefined` when the server does not say. */
  readonly length: number | undefined;
  /** Throws what HttpAnswer.body throws. */
  readonly pieces: AsyncIterable<Uint8Array> | readonly Uint8Array[];
}

export class UrlSource implements FetchableStore, Disposable {
  readonly letsGo = 'at once';
  readonly #url: URL;
  readonly #signal: AbortSignal;
  readonly #ranges = new OriginClient({});
  #requests = 0;
  #headers: IncomingHttpHeaders = {};
  #whole: WholeStream | undefined;

  /** The signal ends everything; those of single requests end only these. */
  constructor(url: URL, signal: AbortSignal) {
    this.#url = url;
    this.#signal = signal;
  }

  /** Requests so far, repeated ones included and redirects not. */
  get requests(): number {
    return this.#requests;
  }

  /** The fields of the answer to the first look. */
  get headers(): IncomingHttpHeaders {
    return this.#headers;
  }

  /** Where a discovery was `undefined`: what it found instead. */
  get whole(): WholeStream {
    if (!this.#whole) throw new SluiceError('INVARIANT', `${this.#url.href} was not looked at`);
    return this.#whole;
  }

  /**
   * `undefined` when what is there cannot be read in ranges that belong together: then `whole` has it.
   * @throws SluiceError as `send`, and what a refusal means
   */
  async discover(_: string, wanted: ByteRange, signal: AbortSignal): Promise<Discovery | undefined> {
    const either = AbortSignal.any([this.#signal, signal]);
    const answer = await this.#look(wanted, either);
    try {
      throwIfAborted(either);
      this.#headers = answer.headers;
      const found = interpret(answer, wanted.end);
      if (found.kind === 'pinned') return discovery(answer, found.pin, wanted, either);
      this.#whole = await this.#wholeOf(answer, found.kind, either);
      return undefined;
    } catch (error) {
      answer[Symbol.dispose]();
      throw error;
    }
  }

  async openRange(revision: ObjectRevision, range: ByteRange, signal: AbortSignal): Promise<RangeAnswer> {
    this.#requests += 1;
    try {
      return await openRange(this.#ranges, revision, range, signal);
    } catch (cause) {
      if (!isSluiceError(cause, 'REVISION_CHANGED')) throw cause;
      const message = `${revision.key} changed while it was downloaded`;
      throw new SluiceError('REVISION_CHANGED', message, { cause });
    }
  }

  [Symbol.dispose](): void {
    this.#ranges[Symbol.dispose]();
  }

  async #wholeOf(
    first: HttpAnswer,
    kind: 'whole' | 'unpinnable' | 'empty',
    signal: AbortSignal,
  ): Promise<WholeStream> {
    if (kind === 'whole') return streamOf(first);
    first[Symbol.dispose]();
    return kind === 'empty' ? nothing : streamOf(await this.#look(undefined, signal));
  }

  /** An answer that can be used: 200, 206, 204 for nothing at all, or the 416 of an empty representation. */
  async #look(range: ByteRange | undefined, signal: AbortSignal): Promise<HttpAnswer> {
    // A representation that is compressed on the fly has no stable bytes to take ranges of.
    const headers = { 'accept-encoding': 'identity', ...(range && { range: rangeField(range) }) };
    const answer = await send({ method: 'GET', url: this.#url, headers }, signal);
    this.#requests += 1;
    const { status } = answer;
    const isEmpty = status === 204 || (status === 416 && answer.headers['content-range'] === 'bytes */0');
    if (status === 200 || (status === 206 && range) || isEmpty) return answer;
    using refused = answer;
    throw await refusal(refused, this.#url.href);
  }
}

const nothing: WholeStream = { length: 0, pieces: [] };

function streamOf(answer: HttpAnswer): WholeStream {
  return { length: lengthOf(answer), pieces: answer.body };
}

function discovery(answer: HttpAnswer, pin: Pin, wanted: ByteRange, signal: AbortSignal): Discovery {
  const { url, etag, length } = pin;
  const range = { start: 0, end: Math.min(wanted.end, length) };
  return {
    object: {
      revision: { key: url.href, pin: pinOf(etag, url), length },
      headers: {},
      etag,
      lastModified: new Date(0),
    },
    range,
    answer: rangeAnswer({
      body: Readable.from(answer.body),
      bytes: range.end,
      signal,
      toError: (error) => error,
    }),
  };
}
