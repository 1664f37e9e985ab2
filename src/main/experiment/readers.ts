/** The readers of an experiment: each reads the object from end to end at its own pace, and looks at every byte. */
import { get, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ReaderOutcome } from '#shared/experiment/outcome.ts';
import { isPattern } from './pattern.ts';

export interface ReaderManners {
  readonly objectBytes: number;
  /** Bytes a second, one for each reader. */
  readonly speeds: readonly number[];
}

/** How far a reader may be ahead of its pace before it rests, in milliseconds. */
const restMs = 10;

export class Readers {
  readonly #manners: ReaderManners;
  readonly #outcomes: ReaderOutcome[];

  constructor(manners: ReaderManners) {
    this.#manners = manners;
    this.#outcomes = manners.speeds.map((bytesPerSecond) => ({ bytesPerSecond, bytes: 0, state: 'reading' }));
  }

  get outcomes(): readonly ReaderOutcome[] {
    return this.#outcomes;
  }

  /** Has all of them read what is at `url`. Resolves when none reads any more; never rejects. */
  async read(url: string): Promise<void> {
    const startedAt = performance.now();
    await Promise.all(this.#outcomes.map((_, index) => this.#readOne(url, index, startedAt)));
  }

  async #readOne(url: string, index: number, startedAt: number): Promise<void> {
    const tell = (news: Partial<ReaderOutcome>): void => {
      const before = this.#outcomes[index];
      if (before) this.#outcomes[index] = { ...before, ...news };
    };
    const { objectBytes, speeds } = this.#manners;
    let bytes = 0;
    try {
      const [response] = (await once(get(url, { agent: false }), 'response')) as [IncomingMessage];
      if (response.statusCode !== 200) throw new Error(`answered ${response.statusCode}`);
      for await (const piece of response as AsyncIterable<Buffer>) {
        if (!isPattern(piece, bytes)) {
          tell({ state: 'wrong' });
          return;
        }
        bytes += piece.length;
        tell({ bytes });
        const aheadMs = (bytes / (speeds[index] ?? 1)) * 1000 - (performance.now() - startedAt);
        if (aheadMs > restMs) await sleep(aheadMs);
      }
      if (bytes === objectBytes) tell({ state: 'done', finishedMs: performance.now() - startedAt });
      else tell({ state: 'broken' });
    } catch {
      // Whatever became of the connection: the reader does not have the object.
      tell({ state: 'broken' });
    }
  }
}
