/**
 * Leaves out the frames that a profile itself calls uninteresting (drop_frames, keep_frames): what an allocator does
 * below the function that allocates. As `go tool pprof` does it, so that the numbers agree.
 */

/** A location's functions, innermost first, as indices; `name` gives their names. */
export interface PruneInput {
  readonly drop: RegExp;
  readonly keep: RegExp | undefined;
  readonly name: (functionIndex: number) => string;
}

type Pruning = 'whole' | 'beneath';

export class Pruner {
  readonly #input: PruneInput;
  readonly #verdicts = new Map<number, boolean>();

  constructor(input: PruneInput) {
    this.#input = input;
  }

  /** The frames of a location that stay, and whether what is beneath it goes. */
  location(lines: readonly number[]): { readonly lines: readonly number[]; readonly pruning?: Pruning } {
    for (let index = lines.length - 1; index >= 0; index -= 1) {
      if (!this.#isDropped(lines[index] ?? 0)) continue;
      return index === lines.length - 1
        ? { lines, pruning: 'whole' }
        : { lines: lines.slice(index + 1), pruning: 'beneath' };
    }
    return { lines };
  }

  /** What stays of a sample's locations, leaf first. Frames of the runtime below the user's first frame stay. */
  sample<T extends { readonly pruning?: Pruning }>(locations: readonly T[]): readonly T[] {
    let foundUser = false;
    for (let index = locations.length - 1; index >= 0; index -= 1) {
      const pruning = locations[index]?.pruning;
      if (pruning === undefined) foundUser = true;
      else if (foundUser) return locations.slice(pruning === 'whole' ? index + 1 : index);
    }
    return locations;
  }

  #isDropped(functionIndex: number): boolean {
    let verdict = this.#verdicts.get(functionIndex);
    if (verdict === undefined) {
      const { drop, keep, name } = this.#input;
      const plain = withoutArguments(name(functionIndex));
      verdict = plain !== '' && drop.test(plain) && !(keep?.test(plain) ?? false);
      this.#verdicts.set(functionIndex, verdict);
    }
    return verdict;
  }
}

/** The patterns do not know arguments, nor the receiver of a method of Go: a name ends at its first bracket. */
function withoutArguments(name: string): string {
  const plain = name.replace(/^\./, '');
  for (const { 0: text, index } of plain.matchAll(/\(anonymous namespace\)|operator\(\)|\(/g))
    if (text === '(') return plain.slice(0, index);
  return plain;
}
