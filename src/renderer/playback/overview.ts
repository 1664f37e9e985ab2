/**
 * The whole recording at a glance: how much the ledger and the process held, the most in each block. Read in the
 * background, and only these figures are kept.
 */
import { linesOf } from '#shared/recording/frames.ts';
import { Signal } from '../state/signal.ts';
import type { Blocks } from './blocks.ts';

/** Between two blocks, in milliseconds: whoever looks at something comes first. */
const restMs = 4;

export class Overview {
  readonly changed = new Signal(200);
  /** For each block; NaN where nothing is known, or not yet. */
  readonly ledgerBytes: Float64Array;
  readonly rssBytes: Float64Array;
  readonly #blocks: Blocks;

  constructor(blocks: Blocks) {
    const { length } = blocks.facts.blocks;
    this.ledgerBytes = new Float64Array(length).fill(Number.NaN);
    this.rssBytes = new Float64Array(length).fill(Number.NaN);
    this.#blocks = blocks;
  }

  get blocks(): Blocks['facts']['blocks'] {
    return this.#blocks.facts.blocks;
  }

  /** Waits while `isBusy`. A block that cannot be read stays unknown. */
  async read(isBusy: () => boolean, signal: AbortSignal): Promise<void> {
    for (let index = 0; index < this.blocks.length; index += 1) {
      do await rest();
      while (isBusy() && !signal.aborted);
      if (signal.aborted) return;
      const text = await this.#blocks.text(index).catch(() => '');
      const lines = linesOf(text, 'frame');
      this.ledgerBytes[index] = most(lines, 'ledgerBytes');
      this.rssBytes[index] = most(lines, 'rssBytes');
      this.changed.touch();
    }
  }
}

/** Read out of the text: a frame is long, and this is a number of it. */
function most(lines: readonly string[], name: string): number {
  const start = `"${name}":`;
  let found = Number.NaN;
  for (const line of lines) {
    const at = line.indexOf(start);
    const value =
      at < 0 ? Number.NaN : Number.parseInt(line.slice(at + start.length, at + start.length + 20), 10);
    if (Number.isNaN(found) || value > found) found = value;
  }
  return found;
}

function rest(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, restMs);
  });
}
