/** How much the console is sent, over all its connections: for its status bar. */
const spanMs = 2000;

class Traffic {
  readonly #arrivals: { readonly at: number; readonly bytes: number }[] = [];
  #bytes = 0;

  /** A message arrived at `now` (milliseconds of any steady clock). */
  count(data: unknown, now: number = performance.now()): void {
    const bytes = sizeOf(data);
    this.#arrivals.push({ at: now, bytes });
    this.#bytes += bytes;
    this.#forget(now);
  }

  /** Over the last two seconds. */
  bytesPerSecond(now: number = performance.now()): number {
    this.#forget(now);
    return (this.#bytes * 1000) / spanMs;
  }

  #forget(now: number): void {
    while ((this.#arrivals[0]?.at ?? now) < now - spanMs) this.#bytes -= this.#arrivals.shift()?.bytes ?? 0;
  }
}

export const traffic: Traffic = new Traffic();

/** Of what travels: text, nearly all of it ASCII. */
function sizeOf(data: unknown): number {
  if (typeof data === 'string') return data.length;
  if (data instanceof ArrayBuffer || ArrayBuffer.isView(data)) return data.byteLength;
  if (typeof Blob !== 'undefined' && data instanceof Blob) return data.size;
  return 0;
}
