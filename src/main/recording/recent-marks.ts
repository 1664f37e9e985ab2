/** The marks that somebody has put lately: for charts of the present, which ask again and again. */
import { maxRecentMarks, type RecentMarks as Answer } from '#shared/recording/model.ts';
import type { Mark } from '#shared/recording/records.ts';

export class RecentMarks {
  /** The newest last. */
  #marks: readonly Mark[] = [];
  #version = 0;

  add(mark: Mark): void {
    this.#marks = [...this.#marks, mark].slice(-maxRecentMarks);
    this.#version += 1;
  }

  /** Those since `oldest`, all when it is not known; none for who has `seen` this version. */
  since(oldest: number | undefined, seen: number | undefined): Answer {
    const version = this.#version;
    if (seen === version) return { version, marks: [] };
    return { version, marks: this.#marks.filter(({ at }) => oldest === undefined || at >= oldest) };
  }
}
