/** Two profiles side by side: by function and as one tree. Functions are the same when they have the same name. */
import { NodeTable } from './node-table.ts';
import { ProfileError, type Profile, type SampleType } from './profile.ts';
import { mergeByName, top, type SampleFilter, type Top, type TopRow } from './top.ts';
import { addSamples, childrenBy, columnOf } from './tree.ts';

/** One of the two, and which of its samples count; all, unless given. */
export interface Side {
  readonly profile: Profile;
  readonly filter?: SampleFilter | undefined;
}

/** Whether something is only after (new), only before (gone), or in both. */
export type Presence = 'new' | 'gone' | 'both';

interface CompareRow {
  readonly name: string;
  readonly file: string;
  readonly before: Pick<TopRow, 'flat' | 'cum'>;
  readonly after: Pick<TopRow, 'flat' | 'cum'>;
  /** After minus before. */
  readonly deltaFlat: number;
  readonly deltaCum: number;
  readonly presence: Presence;
}

export interface Comparison {
  readonly type: SampleType;
  readonly totalBefore: number;
  readonly totalAfter: number;
  /** What shares of each are of: its total, unless it is a difference itself (whole.ts). */
  readonly wholeBefore: number;
  readonly wholeAfter: number;
  /** Those whose flat changed most come first. */
  readonly rows: readonly CompareRow[];
}

/** The nodes of both, with what each has; `total` is what an icicle gives room to: the larger of both. */
export interface CompareTree {
  readonly name: Uint32Array;
  readonly names: readonly string[];
  readonly parent: Uint32Array;
  readonly depth: Uint16Array;
  readonly totalBefore: Float64Array;
  readonly totalAfter: Float64Array;
  readonly selfBefore: Float64Array;
  readonly selfAfter: Float64Array;
  /** Children of a node, the one with the most room first. */
  readonly children: (node: number) => readonly number[];
  readonly size: number;
}

/** Sample types that both have, in the order of the first. */
export function commonTypes(a: HasTypes, b: HasTypes): readonly SampleType[] {
  return a.sampleTypes.filter((type) => indexOf(b, type) >= 0);
}

/** Compares by function. @throws ProfileError when one of them does not have the type */
export function compare(before: Side, after: Side, type: SampleType): Comparison {
  const a = top(before.profile, known(before.profile, type), before.filter);
  const b = top(after.profile, known(after.profile, type), after.filter);
  const wholes = { wholeBefore: a.whole, wholeAfter: b.whole };
  return { type, totalBefore: a.total, totalAfter: b.total, ...wholes, rows: rowsOf(a, b) };
}

/** Compares by stack. @throws ProfileError when one of them does not have the type */
export function compareTrees(before: Side, after: Side, type: SampleType): CompareTree {
  const names: string[] = [];
  const rows = new Map<string, number>();
  const table = new NodeTable(2);
  for (const [column, { profile, filter }] of [before, after].entries()) {
    const index = known(profile, type);
    const { firsts, rowOf } = mergeByName(profile);
    const nameOf = firsts.map((first) => {
      const name = profile.functions[first]?.name ?? '';
      let row = rows.get(name);
      if (row === undefined) {
        row = names.length;
        names.push(name);
        rows.set(name, row);
      }
      return row;
    });
    const shared = Uint32Array.from(rowOf, (row) => nameOf[row] ?? 0);
    addSamples(table, profile, { type: index, column, rowOf: shared, filter });
  }
  const { name, parent, depth, total, self } = table.arrays();
  const totalBefore = columnOf(total, 0, 2);
  const totalAfter = columnOf(total, 1, 2);
  return {
    name,
    names,
    parent,
    depth,
    totalBefore,
    totalAfter,
    selfBefore: columnOf(self, 0, 2),
    selfAfter: columnOf(self, 1, 2),
    children: childrenBy(parent, (node) => Math.max(totalBefore[node] ?? 0, totalAfter[node] ?? 0)),
    size: table.size,
  };
}

type HasTypes = Readonly<{ sampleTypes: readonly SampleType[] }>;

function indexOf({ sampleTypes }: HasTypes, { type, unit }: SampleType): number {
  return sampleTypes.findIndex((each) => each.type === type && each.unit === unit);
}

/** Where a profile has the values of a type. @throws ProfileError when it has none */
export function known(profile: Profile, type: SampleType): number {
  const index = indexOf(profile, type);
  if (index >= 0) return index;
  const has = profile.sampleTypes.map((each) => each.type).join(', ');
  throw new ProfileError(
    profile.format,
    'sample_type',
    `One of the two profiles has no ${type.type} in ${type.unit}: it has ${has}.`,
  );
}

/** By what there is before and after; `undefined` for what is in neither. */
export function presenceIn(before: unknown, after: unknown): Presence | undefined {
  if (before === undefined) return after === undefined ? undefined : 'new';
  return after === undefined ? 'gone' : 'both';
}

const nothing = { flat: 0, cum: 0 };

function rowsOf(a: Top, b: Top): readonly CompareRow[] {
  const before = new Map(a.rows.map((row) => [row.name, row]));
  const after = new Map(b.rows.map((row) => [row.name, row]));
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((name): CompareRow => {
      const [was, is] = [before.get(name), after.get(name)];
      const [x, y] = [was ?? nothing, is ?? nothing];
      return {
        name,
        file: (is ?? was)?.file ?? '',
        before: { flat: x.flat, cum: x.cum },
        after: { flat: y.flat, cum: y.cum },
        deltaFlat: y.flat - x.flat,
        deltaCum: y.cum - x.cum,
        presence: presenceIn(was, is) ?? 'both',
      };
    })
    .toSorted(
      (x, y) =>
        Math.abs(y.deltaFlat) - Math.abs(x.deltaFlat) ||
        Math.abs(y.deltaCum) - Math.abs(x.deltaCum) ||
        (x.name < y.name ? -1 : 1),
    );
}
