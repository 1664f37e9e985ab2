/**
 * A discovery and the permit that its answer came under. They wait together until a fetch takes them over: its answer
 * then is the first one of the fetch. Whoever does not take it disposes it.
 */
import type { Discovery, RangeAnswer } from '#main/object-store/object-store.ts';
import type { ByteRange } from '#shared/range.ts';
import type { BodySource } from './body.ts';
import type { Discovered } from './fetch.ts';
import type { Permit } from './permits.ts';

export interface TakenDiscovery {
  readonly answer: RangeAnswer;
  readonly source: BodySource;
  readonly permit: Permit;
}

/** The request whose answer waits, and its permit. */
export type HeldRequest = Pick<TakenDiscovery, 'source' | 'permit'>;

export class HeldDiscovery implements Discovered {
  readonly discovery: Discovery;
  #held: HeldRequest | undefined;

  constructor(discovery: Discovery, held: HeldRequest | undefined) {
    this.discovery = discovery;
    this.#held = held;
  }

  /** The answer, if it is still here and is the one to `range`. Otherwise it is given up. */
  take(range: ByteRange): TakenDiscovery | undefined {
    const { answer, range: answered } = this.discovery;
    const held = this.#held;
    const fits = answered.start === range.start && answered.end === range.end;
    if (!answer || !held || !fits) {
      this[Symbol.dispose]();
      return undefined;
    }
    this.#held = undefined;
    return { answer, ...held };
  }

  [Symbol.dispose](): void {
    this.#held?.source.end();
    this.#held?.permit[Symbol.dispose]();
    this.#held = undefined;
  }
}
