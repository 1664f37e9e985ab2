/**
 * Ordered read: the bytes of a range, in order, each with the token that holds it. Reads run ahead of the consumer as
 * far as the window gives tokens; nothing is fetched without one.
 *
 * That is the whole memory argument: a token is taken before the read starts, and it returns when the consumer
 * disposes of the chunk it was handed, or in `finally` here when it was never handed out. Leaving the loop for any
 * reason aborts what is in flight and waits until nothing writes into its memory any more.
 */
import type { ChunkMemory, TieredCache } from '#main/cache/tiered.ts';
import type { WindowToken } from '#main/flow/token.ts';
import type { Window } from '#main/flow/window.ts';
import type { ObjectRevision } from '#main/object-store/object-store.ts';
import { SluiceError } from '#shared/errors.ts';
import type { Tier } from '#shared/model.ts';
import type { ByteRange } from '#shared/range.ts';
import { appetite, needAt, planStep, type ReadStep } from './plan.ts';

/** Bytes to deliver, valid until disposed of: dispose once, when the socket has taken them. */
export interface HeldChunk extends Disposable {
  readonly bytes: Uint8Array;
  /** The level it came from. */
  readonly tier: Tier | undefined;
  /** Bytes of it are on their way to the client from now on. */
  draining(): void;
  /** The socket has taken `bytes` more of it. */
  sent(bytes: number): void;
}

/** Where the bytes come from. */
type ChunkSource = Pick<TieredCache, 'isCached' | 'read'>;

export interface OrderedRead {
  readonly object: ObjectRevision;
  readonly range: ByteRange;
  readonly chunkBytes: number;
  readonly source: ChunkSource;
  readonly window: Window;
}

/** Made once: an abort without a reason makes a DOMException with a stack for each response. */
const readerLeft = new SluiceError('ABORTED', 'the reader has left');

interface Flight {
  readonly token: WindowToken;
  readonly step: ReadStep;
  readonly landed: Promise<void>;
}

/**
 * Yields `range` of `object` in order. The consumer owns each chunk it receives.
 * @throws what the source throws, for the first byte that cannot be had; the signal's reason
 */
export async function* orderedRead(
  read: OrderedRead,
  signal: AbortSignal,
): AsyncGenerator<HeldChunk, void, void> {
  signal.throwIfAborted();
  const leaving = new AbortController();
  const onAbort = (): void => leaving.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  const flights = new FlightQueue();
  const launched = launch(read, flights, leaving.signal).catch((error: unknown) => flights.fail(error));
  try {
    for (let at = read.range.start; at < read.range.end;) {
      const { token, step } = await flights.next();
      at = step.slice.end;
      yield hand(token, step);
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    leaving.abort(readerLeft);
    await launched;
    await flights.settle();
  }
}

function hand(token: WindowToken, { span, slice }: ReadStep): HeldChunk {
  return {
    bytes: token.memory.subarray(slice.start - span.start, slice.end - span.start),
    tier: token.tier,
    draining: () => token.enter('draining'),
    sent: (bytes) => token.sent(bytes),
    [Symbol.dispose]: () => token[Symbol.dispose](),
  };
}

async function launch(read: OrderedRead, flights: FlightQueue, signal: AbortSignal): Promise<void> {
  const { object, chunkBytes, source, window } = read;
  for (let at = read.range.start; at < read.range.end;) {
    const need = needAt(object, { start: at, end: read.range.end }, chunkBytes);
    const cached = source.isCached(need.chunk) ? 'cached' : 'not cached';
    const token = await window.take(appetite(need, cached), signal);
    const step = planStep(need, cached, token.memory.length);
    token.assign(step.slice.start, step.slice.end - step.slice.start);
    flights.push({
      token,
      step,
      landed: source.read(step.chunk, step.span, token satisfies ChunkMemory, signal),
    });
    at = step.slice.end;
  }
}

/** Reads in flight, in order. Every flight is either handed out by `next` or returned by `settle`. */
class FlightQueue {
  readonly #flights: Flight[] = [];
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;

  push(flight: Flight): void {
    // Whoever comes to this flight throws its failure; until then the failure is only shown.
    flight.landed.catch(() => flight.token.enter('failed'));
    this.#flights.push(flight);
    this.#wake?.();
  }

  /** No more flights will come. */
  fail(error: unknown): void {
    this.#failure = { error };
    this.#wake?.();
  }

  /** The next flight, once it has landed; it stays in the queue when it fails. */
  async next(): Promise<Flight> {
    while (this.#flights[0] === undefined) {
      if (this.#failure) throw this.#failure.error;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const flight = this.#flights[0];
    await flight.landed;
    this.#flights.shift();
    return flight;
  }

  /** Waits until no read is in flight and returns the tokens of those that were not handed out. */
  async settle(): Promise<void> {
    for (const { token, landed } of this.#flights) {
      await landed.catch(() => undefined);
      token[Symbol.dispose]();
    }
  }
}
