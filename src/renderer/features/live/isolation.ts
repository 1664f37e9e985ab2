/** One state that the legend points at: every picture shows only it, and the rest faintly. */
import type { ChunkState } from '#shared/vocabulary/live.ts';
import { Signal } from '../../state/signal.ts';

class Isolation {
  readonly changed = new Signal(0);
  #state: ChunkState | undefined;

  get state(): ChunkState | undefined {
    return this.#state;
  }

  show(state: ChunkState | undefined): void {
    if (state === this.#state) return;
    this.#state = state;
    this.changed.touch();
  }

  /** How strongly something of these states is drawn, from 0 to 1. */
  strengthOf(...states: readonly (ChunkState | undefined)[]): number {
    return this.#state === undefined || states.includes(this.#state) ? 1 : 0.14;
  }
}

export const isolation = new Isolation();
