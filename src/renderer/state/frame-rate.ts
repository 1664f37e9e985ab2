/** How many frames arrive, and how many came so late that the history shows it. */
const lateMs = 500;
const spanMs = 2000;

export class FrameRate {
  #arrivals: number[] = [];
  #late = 0;

  /** Frames that came more than half a second after the one before, while the page was being shown. */
  get late(): number {
    return this.#late;
  }

  /** A frame arrived at `now` (milliseconds of any steady clock). */
  tick(now: number): void {
    const previous = this.#arrivals.at(-1);
    if (previous !== undefined && now - previous > lateMs && !isHidden()) this.#late += 1;
    this.#arrivals.push(now);
    while ((this.#arrivals[0] ?? now) < now - spanMs) this.#arrivals.shift();
  }

  /** The connection was lost: the pause until the next frame is not lateness. */
  reset(): void {
    this.#arrivals = [];
  }

  /** Frames a second over the last two seconds; 0 before the second frame. */
  get perSecond(): number {
    const [first] = this.#arrivals;
    const last = this.#arrivals.at(-1);
    if (first === undefined || last === undefined || last === first) return 0;
    return ((this.#arrivals.length - 1) * 1000) / (last - first);
  }
}

function isHidden(): boolean {
  return typeof document !== 'undefined' && document.hidden;
}
