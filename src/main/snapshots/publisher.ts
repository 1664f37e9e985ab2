/** Brings what was made into the store, through one part of the memory budget, and knows what is there. */
import { randomUUID } from 'node:crypto';
import type { Catalog } from '#main/cache/catalog.ts';
import type { Arena, Slab } from '#main/flow/arena.ts';
import { orAborted } from '#main/object-store/cancel.ts';
import type { StoredHeaders, StoredObject } from '#main/object-store/object-store.ts';

export interface PublisherOptions {
  readonly catalog: Pick<Catalog, 'current' | 'forget' | 'put' | 'delete'>;
  /** Parts for uploads, from the memory budget. */
  readonly uploads: Pick<Arena, 'take'>;
}

export interface Publication {
  readonly key: string;
  /** For people. */
  readonly name: string;
  readonly headers: StoredHeaders;
  readonly timeToLiveMs?: number | undefined;
}

export class Publisher {
  readonly #options: PublisherOptions;

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  /** Stores `body`; invisible until complete. @throws as ObjectStore.put */
  async publish(
    { key, name, headers, timeToLiveMs }: Publication,
    body: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): Promise<StoredObject> {
    const { catalog } = this.#options;
    using part = await this.part(name, signal);
    const memory = { bytes: part.memory, [Symbol.dispose]: () => undefined };
    const metadata = { headers, etag: randomUUID(), timeToLiveMs };
    // Awaited here: the part goes back when this function ends.
    return await catalog.put(key, body, metadata, memory, signal);
  }

  /** A part of the memory budget, when one is free. `name` says what it is for. @throws the signal's reason */
  part(name: string, signal: AbortSignal): Promise<Slab> {
    return this.#options.uploads.take('upload', name, signal);
  }

  /** What is stored now, asked anew. @throws as ObjectStore.head */
  async stored(key: string, signal: AbortSignal): Promise<StoredObject | undefined> {
    const { catalog } = this.#options;
    catalog.forget(key);
    return orAborted(catalog.current(key), signal);
  }

  /** Removes it from every level. @throws as ObjectStore.delete */
  async remove(key: string, signal: AbortSignal): Promise<void> {
    await this.#options.catalog.delete(key, signal);
  }
}

/** The commit that a stored archive holds. */
export function commitOf(stored: StoredObject | undefined): string | undefined {
  return stored?.headers['x-cachew-snapshot-commit']?.[0];
}
