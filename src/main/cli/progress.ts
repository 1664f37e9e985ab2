/** One line on a terminal that tells how far a transfer is. Nothing at all when standard error is not a terminal. */
import { formatBytes, formatDuration, formatRate } from '#shared/units.ts';

export interface Progress extends Disposable {
  /** `totalBytes` is `undefined` when nobody knows it. Cheap: draws ten times a second at most. */
  update(doneBytes: number, totalBytes?: number): void;
}

/** What progress is drawn on. */
export interface ProgressTerminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const drawIntervalMilliseconds = 100;
const rateWindowMilliseconds = 3000;
const clearLine = '\r\u001B[K';

/** Draws progress of `what` until it is disposed of, which clears the line. */
export function showProgress(
  what: string,
  terminal: ProgressTerminal = process.stderr,
  now: () => number = () => performance.now(),
): Progress {
  if (!terminal.isTTY) return { update: () => undefined, [Symbol.dispose]: () => undefined };
  const meter = new RateMeter();
  let drawnAt = Number.NEGATIVE_INFINITY;
  terminal.write(`${clearLine}${what} …`);
  return {
    update(doneBytes, totalBytes) {
      const time = now();
      if (time - drawnAt < drawIntervalMilliseconds) return;
      drawnAt = time;
      meter.sample(time, doneBytes);
      const line = `${what}  ${describe({ doneBytes, totalBytes, bytesPerSecond: meter.bytesPerSecond })}`;
      terminal.write(clearLine + line.slice(0, (terminal.columns || 80) - 1));
    },
    [Symbol.dispose]() {
      terminal.write(clearLine);
    },
  };
}

export interface ProgressState {
  readonly doneBytes: number;
  readonly totalBytes: number | undefined;
  /** 0 when it is not known yet. */
  readonly bytesPerSecond: number;
}

/** `45.2 MiB of 412 MiB (10 %), 56 MiB/s, 6.6 s left`. */
export function describe({ doneBytes, totalBytes, bytesPerSecond }: ProgressState): string {
  const parts = [formatBytes(doneBytes)];
  if (totalBytes !== undefined && totalBytes > 0) {
    parts[0] += ` of ${formatBytes(totalBytes)} (${Math.floor((100 * doneBytes) / totalBytes)} %)`;
  }
  if (bytesPerSecond > 0) {
    parts.push(formatRate(bytesPerSecond));
    if (totalBytes !== undefined)
      parts.push(`${formatDuration((1000 * (totalBytes - doneBytes)) / bytesPerSecond)} left`);
  }
  return parts.join(', ');
}

/** Bytes a second over the last three seconds. */
export class RateMeter {
  #samples: { readonly time: number; readonly bytes: number }[] = [];

  sample(time: number, bytes: number): void {
    this.#samples.push({ time, bytes });
    while ((this.#samples[1]?.time ?? time) < time - rateWindowMilliseconds) this.#samples.shift();
  }

  get bytesPerSecond(): number {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (!first || !last || last.time === first.time) return 0;
    return (1000 * (last.bytes - first.bytes)) / (last.time - first.time);
  }
}

/** `412 MiB in 2.4 s (172 MiB/s)`: the last word on a transfer. */
export function summarize(bytes: number, milliseconds: number): string {
  const rate = milliseconds > 0 ? ` (${formatRate((1000 * bytes) / milliseconds)})` : '';
  return `${formatBytes(bytes)} in ${formatDuration(milliseconds)}${rate}`;
}

/** Passes `source` on and shows how much of it has passed. */
export async function* counted(
  source: AsyncIterable<Uint8Array>,
  progress: Progress,
  totalBytes?: number,
): AsyncGenerator<Uint8Array, void> {
  let doneBytes = 0;
  for await (const bytes of source) {
    doneBytes += bytes.length;
    progress.update(doneBytes, totalBytes);
    yield bytes;
  }
}
