/**
 * Downloads one representation with an engine of its own. The first answer tells the length and the validator, and is
 * the first chunk. All further ranges are pinned to that validator, so the bytes of two revisions are never spliced:
 * if the object changes, the download fails. They come in parallel, each into memory that was set aside for it, and
 * are written in order.
 */
import type { FetchTuning } from '#main/fetch/tuning.ts';
import { Budget } from '#main/flow/budget.ts';
import { abortedError, ignore } from '#main/object-store/cancel.ts';
import type { ObjectRevision } from '#main/object-store/object-store.ts';
import { Engine } from '#main/transfer/engine.ts';
import type { Sink } from '#main/transfer/outlet.ts';
import { messageOf, SluiceError } from '#shared/errors.ts';
import type { MemoryPlan } from '#shared/memory-plan.ts';
import { KiB } from '#shared/units.ts';
import { freshenMetadataIn } from './first-answer.ts';
import { UrlSource } from './url-source.ts';

/** Where bytes go, in order. Calls overlap, at most two; bytes may be reused once the promise has settled. */
export interface DownloadSink {
  write(bytes: Uint8Array, offset: number): Promise<void>;
}

export interface DownloadOptions {
  /** Of one range. */
  readonly chunkBytes: number;
  /** Most ranges at a time. There is memory for twice as many, and for four at least. */
  readonly concurrency: number;
  /** Requests in a row that may come to nothing before the download fails; default 5. They wait longer each time. */
  readonly attempts?: number;
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
  /** Repeated ones included. */
  readonly requests: number;
}

/**
 * Fetches all of `url` into `sink`. Resolves only when every byte of one revision has been written. A server that
 * serves no ranges, or names no strong validator, is read in one stream, which is not tried again once it has begun.
 * @throws SluiceError REVISION_CHANGED (final), NOT_FOUND, STORE_UNAVAILABLE, STORE_STALLED, STORE_MISBEHAVED,
 *   STORE_REFUSED, BUSY, ABORTED; whatever the sink throws. What the sink holds after a failure is undefined; nothing
 *   writes to it any more.
 */
export async function download(
  url: URL,
  sink: DownloadSink,
  options: DownloadOptions,
  signal: AbortSignal,
): Promise<DownloadResult> {
  const { chunkBytes, onProgress } = options;
  using _awake = stayAwake();
  const delivery = new Delivery(sink, onProgress);
  using source = new UrlSource(url, signal);
  await using engine = engineFor(source, options);
  const found = await engine.discover(url.href, { start: 0, end: chunkBytes }, signal);
  using _along = found?.along;
  if (found) await receive(engine, found.object.revision, delivery, signal);
  else await copy(source, delivery, url);
  return {
    bytes: delivery.writtenBytes,
    etag: source.headers.etag,
    ...freshenMetadataIn(source.headers),
    requests: source.requests,
  };
}

async function receive(
  engine: Engine,
  revision: ObjectRevision,
  delivery: Delivery,
  signal: AbortSignal,
): Promise<void> {
  const range = { start: 0, end: revision.length };
  delivery.totalBytes = revision.length;
  const transfer = engine.transfers.open(revision, {
    client: 'download',
    name: revision.key,
    totalBytes: revision.length,
  });
  const onAbort = (): void => transfer.fail(abortedError(signal));
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    await transfer.send(range, delivery);
  } catch (error) {
    throw delivery.failure ?? error;
  } finally {
    signal.removeEventListener('abort', onAbort);
    await transfer.close();
  }
}

async function copy({ whole }: UrlSource, delivery: Delivery, url: URL): Promise<void> {
  delivery.totalBytes = whole.length;
  for await (const bytes of whole.pieces) await delivery.add(bytes);
  if (whole.length !== undefined && delivery.writtenBytes !== whole.length)
    throw new SluiceError('STORE_UNAVAILABLE', `${url.href} ended early`);
}

/** The sink, as the end of a transfer. */
class Delivery implements Sink {
  readonly #sink: DownloadSink;
  readonly #onProgress: DownloadOptions['onProgress'];
  #handedBytes = 0;
  #writtenBytes = 0;
  totalBytes: number | undefined;
  /** What the sink threw. */
  failure: Error | undefined;

  constructor(sink: DownloadSink, onProgress: DownloadOptions['onProgress']) {
    this.#sink = sink;
    this.#onProgress = onProgress;
  }

  get writtenBytes(): number {
    return this.#writtenBytes;
  }

  async add(bytes: Uint8Array): Promise<void> {
    const offset = this.#handedBytes;
    this.#handedBytes += bytes.length;
    await this.#sink.write(bytes, offset);
    this.#writtenBytes += bytes.length;
    this.#onProgress?.({ receivedBytes: this.#writtenBytes, totalBytes: this.totalBytes });
  }

  write(bytes: Uint8Array, done: (error?: Error) => void): void {
    void this.#addAndTell(bytes, done);
  }

  async #addAndTell(bytes: Uint8Array, done: (error?: Error) => void): Promise<void> {
    try {
      await this.add(bytes);
    } catch (thrown) {
      this.failure ??= thrown instanceof Error ? thrown : new Error(messageOf(thrown));
    }
    done(this.failure);
  }
}

/**
 * A line may be slow for as long as it likes: only silence counts, and being slower than usual. Servers may take
 * their time to begin, as they do when they make first what was asked for.
 */
const patience: FetchTuning = {
  stalls: { firstByteMinMs: 5000, firstByteMaxMs: 60_000, idleMs: 20_000, requestMs: Infinity },
  retries: { totalMs: 10 * 60_000 },
};

function engineFor(store: UrlSource, { chunkBytes, concurrency, attempts = 5 }: DownloadOptions): Engine {
  const plan = memoryPlan(chunkBytes, slabsOf(concurrency));
  const connections = { start: concurrency, min: Math.min(2, concurrency), max: concurrency, forSmall: 0 };
  return new Engine({
    budget: new Budget(plan),
    store,
    window: plan.chunks.slabs - 1,
    tuning: { ...patience, retries: { ...patience.retries, attempts }, connections },
  });
}

/** As many again as are under way, so that one slow range does not stop the others at once. */
function slabsOf(concurrency: number): number {
  return Math.max(4, 2 * concurrency);
}

/** Chunks and nothing else: everything is read once, from its start to its end. */
function memoryPlan(chunkBytes: number, slabs: number): MemoryPlan {
  const none = { slabBytes: chunkBytes, slabs: 0 };
  const bounce = { slabBytes: 64 * KiB, slabs: 1 };
  return {
    budgetBytes: slabs * chunkBytes + bounce.slabBytes,
    chunks: { slabBytes: chunkBytes, slabs },
    small: none,
    bounce,
    uploads: none,
    connections: none,
    pinnedChunks: slabs / 2,
    pinnedSmall: 0,
    cachedBytes: 0,
  };
}

/** The engine's timers keep no process running, but a download has to end, also when it waits to try again. */
function stayAwake(): Disposable {
  const timer = setInterval(ignore, 60_000);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
