/**
 * What the console itself keeps, and the most that it ever will: every store that can grow says so here. The sum of
 * what they may is at most 64 MiB, whatever is going on (footprint.test.ts).
 */
import { useEffect } from 'react';
import { MiB } from '#shared/units.ts';

export const footprintLimitBytes = 64 * MiB;

export interface Footprint {
  readonly usedBytes: number;
  readonly limitBytes: number;
}

class Footprints {
  readonly #parts = new Map<string, () => Footprint>();

  /** Counts a store, by a name of its own. Call the result when it is gone. */
  add(name: string, read: () => Footprint): () => void {
    this.#parts.set(name, read);
    return () => {
      if (this.#parts.get(name) === read) this.#parts.delete(name);
    };
  }

  get parts(): readonly (Footprint & { readonly name: string })[] {
    return [...this.#parts].map(([name, read]) => {
      const { usedBytes, limitBytes } = read();
      return { name, usedBytes, limitBytes };
    });
  }

  get total(): Footprint {
    return {
      usedBytes: this.parts.reduce((sum, { usedBytes }) => sum + usedBytes, 0),
      limitBytes: this.parts.reduce((sum, { limitBytes }) => sum + limitBytes, 0),
    };
  }
}

export const theFootprint: Footprints = new Footprints();

/** Counts a store for as long as a view has it. */
export function useFootprint(name: string, store: { readonly footprint: Footprint }): void {
  useEffect(() => theFootprint.add(name, () => store.footprint), [name, store]);
}

/** So many of something out of as many as there may be, each of at most `eachBytes`. */
export function footprintOf(
  parts: readonly { readonly count: number; readonly most: number; readonly eachBytes: number }[],
): Footprint {
  return {
    usedBytes: parts.reduce((sum, { count, eachBytes }) => sum + count * eachBytes, 0),
    limitBytes: parts.reduce((sum, { most, eachBytes }) => sum + most * eachBytes, 0),
  };
}
