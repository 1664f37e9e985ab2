/** How fast something goes, over the last few seconds: a mean since the beginning would hide a stall. */

const windowMs = 5000;

export class Rate {
  #samples: readonly { readonly at: number; readonly bytes: number }[] = [];

  /** `bytes` in all have come by `at`, in milliseconds. Fewer than before: something new has begun. */
  note(bytes: number, at: number): void {
    const last = this.#samples.at(-1);
    const kept = last && last.bytes <= bytes ? this.#samples : [];
    // Five in a second are enough.
    const older = kept.filter(
      (sample, index) => at - sample.at < windowMs && !(index > 0 && at - sample.at < 200),
    );
    this.#samples = [...older, { at, bytes }];
  }

  /** Bytes a second; `undefined` as long as nobody can know. */
  get bytesPerSecond(): number | undefined {
    const [first] = this.#samples;
    const last = this.#samples.at(-1);
    if (!first || !last || last.at - first.at < 200) return undefined;
    return ((last.bytes - first.bytes) * 1000) / (last.at - first.at);
  }
}
