/**
 * How fast a client takes bytes: what its socket accepted, over the time that it had bytes to accept. Time spent
 * waiting for the store does not count, or every client of a slow store would look slow.
 */

/** Before anything is known. */
const assumedBytesPerMs = 64 * 1024;
/** The slowest that is reckoned with, so that no time becomes infinite: about 1 KiB/s. */
const leastBytesPerMs = 1;
/** The newest tick's weight. */
const weight = 0.4;

export class Pace {
  #bytesPerMs: number | undefined;
  #accepted = 0;
  #busyMs = 0;
  #busySince: number | undefined;

  get bytesPerMs(): number {
    return Math.max(leastBytesPerMs, this.#bytesPerMs ?? assumedBytesPerMs);
  }

  /** A write was handed over while none was under way. */
  busy(now: number): void {
    this.#busySince ??= now;
  }

  /** The socket has taken so many bytes. */
  accepted(bytes: number): void {
    this.#accepted += bytes;
  }

  /** No write is under way any more. */
  idle(now: number): void {
    if (this.#busySince !== undefined) this.#busyMs += now - this.#busySince;
    this.#busySince = undefined;
  }

  /** Takes the time since the last tick into account. */
  tick(now: number): void {
    if (this.#busySince !== undefined) {
      this.#busyMs += now - this.#busySince;
      this.#busySince = now;
    }
    if (this.#busyMs <= 0 || (this.#accepted === 0 && this.#bytesPerMs === undefined)) return;
    const sample = this.#accepted / this.#busyMs;
    this.#bytesPerMs =
      this.#bytesPerMs === undefined ? sample : this.#bytesPerMs * (1 - weight) + sample * weight;
    this.#accepted = 0;
    this.#busyMs = 0;
  }
}
