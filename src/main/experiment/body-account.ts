/** How many bytes are allocated for bodies, and were at most. */
export class BodyAccount {
  #bytes = 0;
  #peakBytes = 0;

  get reading(): { readonly bodyBytes: number; readonly peakBodyBytes: number } {
    return { bodyBytes: this.#bytes, peakBodyBytes: this.#peakBytes };
  }

  take(bytes: number): void {
    this.#bytes += bytes;
    this.#peakBytes = Math.max(this.#peakBytes, this.#bytes);
  }

  give(bytes: number): void {
    this.#bytes -= bytes;
  }
}
