/** The frames of a recording, one after the other from any block on; the next block is read ahead. */
import type { Frame } from '#shared/model.ts';
import { framesOf } from '#shared/recording/frames.ts';
import type { Blocks } from './blocks.ts';

export class Track {
  readonly #blocks: Blocks;
  #queue: readonly Frame[] = [];
  #place = 0;
  /** The block whose frames come after the queue. */
  #next = 0;
  #ahead: { readonly index: number; readonly text: Promise<string> } | undefined;
  #unreadable = 0;
  #generation = 0;

  constructor(blocks: Blocks) {
    this.#blocks = blocks;
  }

  /** Frames that could not be read. */
  get unreadable(): number {
    return this.#unreadable;
  }

  /** Goes on with the block that has this instant. */
  goTo(at: number): void {
    this.#generation += 1;
    this.#queue = [];
    this.#place = 0;
    this.#next = Math.max(0, this.#blocks.indexAt(at));
    this.#ahead = undefined;
  }

  /** Up to when all frames are known; for ever, when there is nothing more to read. */
  get knownUntil(): number {
    return this.#blocks.facts.blocks[this.#next]?.firstAt ?? Number.POSITIVE_INFINITY;
  }

  /** Takes the next frame at `at` or before, as far as it has been read. */
  take(at: number): Frame | undefined {
    const frame = this.#queue[this.#place];
    if (!frame || frame.at > at) return undefined;
    this.#place += 1;
    return frame;
  }

  /** Reads the next block. False when there is none, or when it goes on elsewhere by now. @throws what reading throws */
  async read(): Promise<boolean> {
    const index = this.#next;
    if (index >= this.#blocks.facts.blocks.length) return false;
    const generation = this.#generation;
    const text = await (this.#ahead?.index === index ? this.#ahead.text : this.#blocks.text(index));
    if (generation !== this.#generation || index !== this.#next) return false;
    const { frames, unreadable } = framesOf(text);
    this.#unreadable += unreadable;
    this.#queue = [...this.#queue.slice(this.#place), ...frames];
    this.#place = 0;
    this.#next = index + 1;
    this.#readAhead(this.#next);
    return true;
  }

  #readAhead(index: number): void {
    if (index >= this.#blocks.facts.blocks.length) return;
    const text = this.#blocks.text(index);
    // Whoever takes it hears of it.
    text.catch(() => undefined);
    this.#ahead = { index, text };
  }
}

/** The frame before or after the one that is shown at an instant. @throws what reading throws */
export async function frameBeside(
  blocks: Blocks,
  at: number,
  direction: -1 | 1,
): Promise<number | undefined> {
  const here = blocks.indexAt(at);
  if (direction > 0) {
    for (let index = Math.max(0, here); index < blocks.facts.blocks.length; index += 1) {
      const after = (await timesOf(blocks, index)).find((time) => time > at);
      if (after !== undefined) return after;
    }
    return undefined;
  }
  let shown: number | undefined;
  for (let index = here; index >= 0; index -= 1) {
    for (const time of (await timesOf(blocks, index)).toReversed()) {
      if (time > at) continue;
      if (shown !== undefined) return time;
      shown = time;
    }
  }
  return undefined;
}

async function timesOf(blocks: Blocks, index: number): Promise<readonly number[]> {
  return framesOf(await blocks.text(index)).frames.map((frame) => frame.at);
}
