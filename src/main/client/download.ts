/**
 * Downloads one representation in parallel ranges (wire formats, section 3).
 *
 * The first answer tells the length and the validator. From then on every request is pinned to that validator with
 * If-Match and every answer is checked against it, so the bytes of two revisions are never spliced: if the object
 * changes, the download fails. Bytes go to the sink as they arrive, at their offset; at most `concurrency` requests
 * are in flight and each has at most one piece unwritten, so memory stays below `concurrency` chunks whatever the
 * length. A range that breaks off goes on from where it was, after a wait with full jitter.
 */
import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { retry } from '#main/object-store/retry.ts';
import { SluiceError } from '#shared/errors.ts';
import type { ByteRange } from '#shared/range.ts';
import { checkPinned, interpret, lengthOf, type Pin } from './first-answer.ts';
import { send, type HttpAnswer } from './http.ts';
import { refusal, retryAfter } from './refusal.ts';

/** Where bytes go. Calls for different ranges overlap; bytes may be reused once the promise has resolved. */
export interface DownloadSink {
  write(bytes: Uint8Array, offset: number): Promise<void>;
}

export interface DownloadOptions {
  readonly chunkBytes: number;
  readonly concurrency: number;
  /** Told after each write. */
  readonly onProgress?: (progress: DownloadProgress) => void;
}

export interface DownloadProgress {
  readonly receivedBytes: number;
  /** `undefined` when the server does not say. */
  readonly totalBytes: number | undefined;
}

export interface DownloadResult {
  readonly bytes: number;
  /** As the server wrote it, if it did. */
  readonly etag: string | undefined;
  /** Freshen metadata of a snapshot: the commit it holds, and where the way from there to HEAD is. */
  readonly commit: string | undefined;
  readonly bundleUrl: string | undefined;
  /** Answers that were read, repeated ones included. */
  readonly requests: number;
}

/**
 * Fetches all of `url` into `sink`. Resolves only when every byte of one revision has been written. A server that
 * serves no ranges, or names no strong validator, is read in one stream, which is not tried again once it has begun.
 * @throws SluiceError REVISION_CHANGED (final), NOT_FOUND, STORE_UNAVAILABLE, STORE_STALLED, STORE_MISBEHAVED, BUSY,
 *   ABORTED; whatever the sink throws. What the sink holds after a failure is undefined.
 */
export async function download(
  url: URL,
  sink: DownloadSink,
  options: DownloadOptions,
  signal: AbortSignal,
): Promise<DownloadResult> {
  const controller = new AbortController();
  const stop = AbortSignal.any([signal, controller.signal]);
  setMaxListeners(0, stop);
  const job = new Download(url, sink, options, stop);
  try {
    return await job.run();
  } finally {
    controller.abort();
    await job.settled();
  }
}

class Download {
  readonly #url: URL;
  readonly #sink: DownloadSink;
  readonly #options: DownloadOptions;
  readonly #signal: AbortSignal;
  #workers: readonly Promise<void>[] = [];
  #receivedBytes = 0;
  #totalBytes: number | undefined;
  #requests = 0;

  constructor(url: URL, sink: DownloadSink, options: DownloadOptions, signal: AbortSignal) {
    this.#url = url;
    this.#sink = sink;
    this.#options = options;
    this.#signal = signal;
  }

  async run(): Promise<DownloadResult> {
    const asked = { start: 0, end: this.#options.chunkBytes };
    const [answer, found] = await this.#patiently(async () => {
      const answer = await this.#open(this.#url, asked);
      return [answer, interpret(answer, asked.end)] as const;
    });
    using head = answer;
    if (found.kind === 'pinned') {
      await this.#fetchRanges(found.pin, head);
    } else if (found.kind === 'whole') {
      await this.#readStream(head, found.length);
    } else if (found.kind === 'unpinnable') {
      head[Symbol.dispose]();
      using whole = await this.#patiently(() => this.#open(this.#url, undefined));
      await this.#readStream(whole, lengthOf(whole));
    }
    return {
      bytes: this.#receivedBytes,
      etag: head.headers.etag,
      commit: field(head, 'x-cachew-snapshot-commit'),
      bundleUrl: field(head, 'x-cachew-bundle-url'),
      requests: this.#requests,
    };
  }

  /** Resolves when nothing writes to the sink any more. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#workers);
  }

  async #readStream(answer: HttpAnswer, length: number | undefined): Promise<void> {
    this.#totalBytes = length;
    for await (const bytes of answer.body) await this.#deliver(bytes, this.#receivedBytes);
    if (length !== undefined && this.#receivedBytes !== length) throw endedEarly(answer.url);
  }

  /** The workers share one sequence of ranges; the first of them begins with the answer that is here already. */
  async #fetchRanges(pin: Pin, head: HttpAnswer): Promise<void> {
    const { chunkBytes, concurrency } = this.#options;
    this.#totalBytes = pin.length;
    const ranges = split(pin.length, chunkBytes);
    let given: HttpAnswer | undefined = head;
    const work = async () => {
      for (const range of ranges) {
        const answer = given;
        given = undefined;
        await this.#fetchRange(pin, range, answer);
      }
    };
    const count = Math.min(concurrency, Math.ceil(pin.length / chunkBytes));
    this.#workers = Array.from({ length: count }, work);
    await Promise.all(this.#workers);
  }

  async #fetchRange(pin: Pin, range: ByteRange, given: HttpAnswer | undefined): Promise<void> {
    let offset = range.start;
    let first = given;
    await this.#patiently(async () => {
      using answer = first ?? (await this.#open(pin.url, { start: offset, end: range.end }, pin.etag));
      first = undefined;
      checkPinned(answer, pin, { start: offset, end: range.end });
      for await (const bytes of answer.body) {
        if (offset + bytes.length > range.end) throw tooMuch(pin.url);
        await this.#deliver(bytes, offset);
        offset += bytes.length;
      }
      if (offset < range.end) throw endedEarly(pin.url);
    });
  }

  async #deliver(bytes: Uint8Array, offset: number): Promise<void> {
    await this.#sink.write(bytes, offset);
    this.#receivedBytes += bytes.length;
    this.#options.onProgress?.({ receivedBytes: this.#receivedBytes, totalBytes: this.#totalBytes });
  }

  /** An answer that can be used: 200, 206, or the 416 of an empty representation. */
  async #open(url: URL, range: ByteRange | undefined, etag?: string): Promise<HttpAnswer> {
    const headers = {
      // A representation that is compressed on the fly has no stable bytes to take ranges of.
      'accept-encoding': 'identity',
      ...(range && { range: `bytes=${range.start}-${range.end - 1}` }),
      ...(etag !== undefined && { 'if-match': etag }),
    };
    const answer = await send({ method: 'GET', url, headers }, this.#signal);
    this.#requests += 1;
    const { status } = answer;
    const isEmpty = status === 416 && answer.headers['content-range'] === 'bytes */0';
    if (status === 200 || (status === 206 && range) || isEmpty) return answer;
    using refused = answer;
    if (status === 412)
      throw new SluiceError('REVISION_CHANGED', `${url.href} changed while it was downloaded`);
    throw await refusal(refused, url.href);
  }

  /** Tries again what can be, not sooner than the server wishes. */
  #patiently<T>(work: () => Promise<T>): Promise<T> {
    let wishMilliseconds = 0;
    const sleep = (milliseconds: number, signal: AbortSignal) =>
      delay(Math.max(milliseconds, wishMilliseconds), undefined, { signal });
    const onBackOff = (_: number, cause: unknown) => {
      wishMilliseconds = retryAfter(cause);
    };
    return retry(work, { backoff: { random: Math.random, sleep }, onBackOff }, this.#signal);
  }
}

function* split(length: number, chunkBytes: number): Generator<ByteRange, void> {
  for (let start = 0; start < length; start += chunkBytes) {
    yield { start, end: Math.min(start + chunkBytes, length) };
  }
}

function field(answer: HttpAnswer, name: string): string | undefined {
  const value = answer.headers[name];
  return typeof value === 'string' ? value : undefined;
}

function endedEarly(url: URL): SluiceError {
  return new SluiceError('STORE_UNAVAILABLE', `${url.href} ended early`);
}

function tooMuch(url: URL): SluiceError {
  return new SluiceError('STORE_MISBEHAVED', `${url.href} sent more bytes than were asked for`);
}
