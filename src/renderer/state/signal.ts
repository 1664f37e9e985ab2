/**
 * A version number that React may watch, at most four times a second: no one reads text faster. Stores change at any
 * rate; components see the published version and read the stores themselves.
 */
import { useSyncExternalStore } from 'react';

/** Milliseconds. */
export const textIntervalMs = 250;

export class Signal {
  readonly #intervalMs: number;
  readonly #listeners = new Set<() => void>();
  #version = 0;
  #publishedAt: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** An interval of 0 publishes at once. `phaseMs` keeps signals that are touched together apart. */
  constructor(intervalMs: number = textIntervalMs, phaseMs = 0) {
    this.#intervalMs = intervalMs;
    this.#publishedAt = performance.now() + phaseMs - intervalMs;
  }

  get version(): number {
    return this.#version;
  }

  /** Something changed: listeners hear of it when the interval allows. */
  touch(): void {
    const waitMs = this.#publishedAt + this.#intervalMs - performance.now();
    if (waitMs <= 0) this.#publish();
    else this.#timer ??= setTimeout(() => this.#publish(), waitMs);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #publish(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#publishedAt = performance.now();
    this.#version += 1;
    for (const listener of this.#listeners) listener();
  }
}

/** Renders again whenever the signal publishes. Returns the version. */
export function useSignal(signal: Signal): number {
  return useSyncExternalStore(signal.subscribe, () => signal.version);
}
