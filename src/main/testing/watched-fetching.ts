/** Sees to it that memory has one writer at a time, and that a chunk has one fetch. */
import { revisionKey } from '#main/cache/revision.ts';
import type { Fetching } from '#main/cache/fills.ts';
import type { Fetch, FetchEvents, FetchJob } from '#main/fetch/fetch.ts';

export class WatchedFetching implements Fetching {
  /** Memory that something may be written to, by its slab. */
  readonly writers = new Set<ArrayBufferLike>();
  readonly #running = new Set<string>();
  readonly #fetching: Fetching;

  constructor(fetching: Fetching) {
    this.#fetching = fetching;
  }

  start(job: FetchJob): Fetch {
    const { revision, range, into, events } = job;
    if (range.end <= range.start || into.length !== range.end - range.start)
      throw new Error(`a fetch of ${range.start}-${range.end} into ${into.length} bytes`);
    const name = `${revisionKey(revision)} ${range.start}-${range.end}`;
    if (this.#running.has(name)) throw new Error(`two fetches of ${name}`);
    if (this.writers.has(into.buffer)) throw new Error(`two writers for the memory of ${name}`);
    this.#running.add(name);
    this.writers.add(into.buffer);
    const over = (): void => {
      this.#running.delete(name);
      this.writers.delete(into.buffer);
    };
    const fetch = this.#fetching.start({ ...job, events: ending(events, over) });
    return {
      promote: (urgency) => fetch.promote(urgency),
      cancel: (released) => {
        this.#running.delete(name);
        fetch.cancel(() => {
          this.writers.delete(into.buffer);
          released();
        });
      },
    };
  }
}

function ending(events: FetchEvents, over: () => void): FetchEvents {
  return {
    attempt: (number) => events.attempt(number),
    received: (bytes) => events.received(bytes),
    backOff: (milliseconds, cause) => events.backOff(milliseconds, cause),
    done: () => {
      over();
      events.done();
    },
    failed: (error) => {
      over();
      events.failed(error);
    },
  };
}
