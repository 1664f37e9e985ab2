/** One function of two profiles in the middle: who calls it and whom it calls, before and after. */
import { known, type Presence, presenceIn, type Side } from './compare.ts';
import type { SampleType } from './profile.ts';
import { sandwich, type SandwichRow } from './sandwich.ts';

/** What values before and after are multiplied by: 1, or to shares of their sums. */
export interface Scale {
  readonly before: number;
  readonly after: number;
}

interface CompareNeighbour {
  readonly name: string;
  readonly file: string;
  /** What goes through the call. */
  readonly before: number;
  readonly after: number;
  /** Whether the call is only after (new), only before (gone), or in both. */
  readonly presence: Presence;
}

export interface CompareSandwich {
  readonly name: string;
  readonly file: string;
  readonly before: { readonly flat: number; readonly cum: number };
  readonly after: { readonly flat: number; readonly cum: number };
  readonly presence: Presence;
  /** Those that changed most come first. */
  readonly callers: readonly CompareNeighbour[];
  readonly callees: readonly CompareNeighbour[];
}

const nothing = { flat: 0, cum: 0, callers: [], callees: [] } as const;

/**
 * `undefined` when neither has samples with a function of this name.
 * @throws ProfileError when one of them does not have the type
 */
export function compareSandwich(
  before: Side,
  after: Side,
  { type, name }: { readonly type: SampleType; readonly name: string },
  scale: Scale = { before: 1, after: 1 },
): CompareSandwich | undefined {
  const [was, is] = [before, after].map(({ profile, filter }) => {
    const found = sandwich(profile, known(profile, type), name, filter);
    // As in the table: what has nothing is not there.
    return found && (found.flat !== 0 || found.cum !== 0) ? found : undefined;
  });
  const presence = presenceIn(was, is);
  if (!presence) return undefined;
  const [x, y] = [was ?? nothing, is ?? nothing];
  return {
    name,
    file: (is ?? was)?.file ?? '',
    before: { flat: x.flat * scale.before, cum: x.cum * scale.before },
    after: { flat: y.flat * scale.after, cum: y.cum * scale.after },
    presence,
    callers: neighboursOf(x.callers, y.callers, scale),
    callees: neighboursOf(x.callees, y.callees, scale),
  };
}

function neighboursOf(
  before: readonly SandwichRow[],
  after: readonly SandwichRow[],
  scale: Scale,
): readonly CompareNeighbour[] {
  const [wasOf, isOf] = [before, after].map((rows) => new Map(rows.map((row) => [row.name, row])));
  return [...new Set([...before, ...after].map(({ name }) => name))]
    .flatMap((name): readonly CompareNeighbour[] => {
      const [was, is] = [wasOf?.get(name), isOf?.get(name)];
      const presence = presenceIn(was, is);
      if (!presence) return [];
      return [
        {
          name,
          file: (is ?? was)?.file ?? '',
          before: (was?.value ?? 0) * scale.before,
          after: (is?.value ?? 0) * scale.after,
          presence,
        },
      ];
    })
    .toSorted(
      (a, b) =>
        Math.abs(b.after - b.before) - Math.abs(a.after - a.before) ||
        b.after - a.after ||
        (a.name < b.name ? -1 : 1),
    );
}
