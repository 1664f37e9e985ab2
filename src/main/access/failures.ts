/** How often somebody may be wrong: a bucket of failures for each address, in a table of bounded size. */
import { isIPv6 } from 'node:net';

/** Failures at once; one more is forgiven each `forgiveMilliseconds`. */
export const maxFailures = 10;
export const forgiveMilliseconds = 6000;
/** Addresses that are remembered; the one that failed longest ago goes first. */
export const maxAddresses = 1024;

interface Bucket {
  failures: number;
  at: number;
}

export class Failures {
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  get size(): number {
    return this.#buckets.size;
  }

  /** How long this address has to wait before it may try, in milliseconds; 0 when it need not. */
  waitMs(address: string): number {
    const bucket = this.#buckets.get(neighbourhood(address));
    if (!bucket) return 0;
    const excess = this.#left(bucket) - (maxFailures - 1);
    return Math.max(0, Math.ceil(excess * forgiveMilliseconds));
  }

  note(address: string): void {
    const name = neighbourhood(address);
    const bucket = this.#buckets.get(name);
    const failures = Math.min(maxFailures, (bucket ? this.#left(bucket) : 0) + 1);
    this.#buckets.delete(name);
    this.#buckets.set(name, { failures, at: this.#now() });
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > maxAddresses && oldest !== undefined) this.#buckets.delete(oldest);
  }

  /** Failures that are not forgiven yet. */
  #left({ failures, at }: Bucket): number {
    return Math.max(0, failures - (this.#now() - at) / forgiveMilliseconds);
  }
}

/** Whoever has an IPv6 address has 2^64 of them. */
function neighbourhood(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::');
  const groups = head === '' ? [] : head.split(':');
  const rest = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: tail === undefined ? 0 : 8 - groups.length - rest.length }, () => '0');
  return [...groups, ...zeros, ...rest].slice(0, 4).join(':');
}
