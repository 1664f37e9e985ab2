/**
 * Paints canvases in one animation frame, only those on screen and only when there is something new. Nothing runs
 * while nothing changes, or while the page is hidden.
 */
export interface Surface {
  readonly context: CanvasRenderingContext2D;
  /** Size in device pixels, and how many of them are one CSS pixel. */
  readonly width: number;
  readonly height: number;
  readonly ratio: number;
  /** What was painted before is gone or stale: paint everything. */
  readonly fresh: boolean;
}

export type Paint = (surface: Surface) => void;

const calmIntervalMs = 500;

interface Entry {
  readonly canvas: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D;
  readonly paint: Paint;
  readonly onFailure: (error: unknown) => void;
  isVisible: boolean;
  isFresh: boolean;
}

export class PaintLoop {
  readonly #entries = new Map<Element, Entry>();
  readonly #calm = matchMedia('(prefers-reduced-motion: reduce)');
  readonly #resized = new ResizeObserver((changes) => this.#resize(changes));
  readonly #seen = new IntersectionObserver((changes) => this.#show(changes), { rootMargin: '40px' });
  #requested = false;
  #paintedAt = 0;

  /** Adds a canvas; call the result to take it away. One that fails is not painted any more; the others are. */
  add(canvas: HTMLCanvasElement, paint: Paint, onFailure: Entry['onFailure']): () => void {
    const context = canvas.getContext('2d');
    if (!context) return () => undefined;
    this.#entries.set(canvas, { canvas, context, paint, onFailure, isVisible: true, isFresh: true });
    this.#resized.observe(canvas);
    this.#seen.observe(canvas);
    return () => {
      this.#entries.delete(canvas);
      this.#resized.unobserve(canvas);
      this.#seen.unobserve(canvas);
    };
  }

  /** There is new data. */
  readonly request = (): void => {
    if (this.#requested) return;
    this.#requested = true;
    const waitMs = this.#calm.matches ? this.#paintedAt + calmIntervalMs - performance.now() : 0;
    if (waitMs > 0) setTimeout(() => requestAnimationFrame(this.#run), waitMs);
    else requestAnimationFrame(this.#run);
  };

  /** Theme or time span changed: what is painted is stale. */
  readonly invalidate = (): void => {
    for (const entry of this.#entries.values()) entry.isFresh = true;
    this.request();
  };

  readonly #run = (): void => {
    this.#requested = false;
    this.#paintedAt = performance.now();
    for (const entry of this.#entries.values()) {
      const { canvas, context, isVisible, isFresh } = entry;
      if (!isVisible || canvas.width === 0 || canvas.height === 0) continue;
      entry.isFresh = false;
      const ratio = window.devicePixelRatio;
      try {
        entry.paint({ context, width: canvas.width, height: canvas.height, ratio, fresh: isFresh });
      } catch (error) {
        this.#entries.delete(canvas);
        entry.onFailure(error);
      }
    }
  };

  #resize(changes: readonly ResizeObserverEntry[]): void {
    for (const { target, contentRect } of changes) {
      const entry = this.#entries.get(target);
      if (!entry) continue;
      entry.canvas.width = Math.round(contentRect.width * window.devicePixelRatio);
      entry.canvas.height = Math.round(contentRect.height * window.devicePixelRatio);
      entry.isFresh = true;
    }
    // At once: a canvas that was given a size is empty, and that must not be seen.
    this.#run();
  }

  #show(changes: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of changes) {
      const entry = this.#entries.get(target);
      if (!entry) continue;
      entry.isFresh ||= isIntersecting && !entry.isVisible;
      entry.isVisible = isIntersecting;
    }
    this.request();
  }
}
