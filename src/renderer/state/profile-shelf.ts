/**
 * The profiles that are open, and the answers about them: the part of the worker that knows no worker. Trees and
 * tables are kept while they are looked at, so that zooming and sorting count nothing again.
 */
import { calloutOf } from '#shared/profile/callout.ts';
import { changesOf } from '#shared/profile/change.ts';
import { compare, compareTrees, type CompareTree } from '#shared/profile/compare.ts';
import { compareSandwich } from '#shared/profile/compare-sandwich.ts';
import { labelsOf, withLabels } from '#shared/profile/labels.ts';
import { type Profile, sampleCount, type SampleType } from '#shared/profile/profile.ts';
import type { OpenedProfile } from '#shared/profile/read.ts';
import { sandwich } from '#shared/profile/sandwich.ts';
import type { SnapshotSummary } from '#shared/profile/snapshot.ts';
import { type SampleFilter, top, type Top } from '#shared/profile/top.ts';
import { callTree } from '#shared/profile/tree.ts';
import { formatBytes } from '#shared/units.ts';
import { callPicture, changePicture } from './profile-pictures.ts';
import {
  type Answer,
  type Ask,
  type Listing,
  type Looking,
  maxHeldBytes,
  maxLabelKeys,
  maxLabelValues,
  maxNeighbours,
  maxTableRows,
  type Page,
  type Pairing,
  type ProfileInfo,
  type QuestionName,
  type TopLine,
} from './profile-questions.ts';
import { Recent } from './recent.ts';

interface Kept {
  readonly info: ProfileInfo;
  readonly opened: OpenedProfile;
}

/** What a file is called, and how it is told apart. */
export interface FileIdentity {
  readonly id: string;
  readonly name: string;
  readonly bytes: number;
}

/** Trees and tables of what is looked at, in bytes, besides the newest. */
const maxWorkBytes = 128 * 2 ** 20;

export class ProfileShelf {
  readonly #kept = new Map<string, Kept>();
  readonly #work = new Recent(maxWorkBytes);

  /** Keeps a profile. What has the same content takes the place of the older one. @throws when there is no room */
  add({ id, name, bytes }: FileIdentity, opened: OpenedProfile): ProfileInfo {
    const heldBytes =
      opened.kind === 'profile' ? profileBytes(opened.profile) : snapshotBytes(opened.snapshot);
    const others = [...this.#kept.values()].filter(({ info }) => info.id !== id);
    const held = others.reduce((sum, { info }) => sum + info.heldBytes, 0);
    if (held + heldBytes > maxHeldBytes) {
      const limit = formatBytes(maxHeldBytes);
      throw new Error(
        `${name} takes ${formatBytes(heldBytes)} once it is read, and ${formatBytes(held)} of ${limit} are taken: close another one first.`,
      );
    }
    const info = { ...infoOf(opened), id, name, fileBytes: bytes, heldBytes };
    this.#kept.set(id, { info, opened });
    return info;
  }

  close(id: string): void {
    this.#kept.delete(id);
    // What is left over of others is made again when somebody looks.
    this.#work.clear();
  }

  /** @throws when the profile is not open, or does not have what is asked for */
  answer<K extends QuestionName>(name: K, ask: Ask<K>): Answer<K> {
    const answerers: { readonly [N in QuestionName]: (ask: Ask<N>) => Answer<N> } = {
      overview: (looking) => this.#overview(looking),
      labels: (looking) => this.#labels(looking),
      top: (looking) => this.#top(looking),
      icicle: (looking) => this.#icicle(looking),
      sandwich: (looking) => this.#sandwich(looking),
      constructors: (listing) => this.#constructors(listing),
      changes: (pairing) => this.#changes(pairing),
      changeSandwich: (pairing) => this.#changeSandwich(pairing),
      changeIcicle: (pairing) => this.#changeIcicle(pairing),
    };
    return answerers[name](ask);
  }

  #overview(looking: Looking): Answer<'overview'> {
    const { profile, type, filter } = this.#look(looking);
    const counted = this.#counted(looking);
    const sampleType = profile.sampleTypes[type];
    return {
      whole: filter ? this.#counted({ ...looking, labels: [] }).whole : counted.whole,
      wanted: counted.total,
      isEmpty: counted.whole === 0,
      callout: sampleType && calloutOf(counted, sampleType),
    };
  }

  #labels({ id, type }: Ask<'labels'>): Answer<'labels'> {
    const { profile, type: index } = this.#look({ id, type, labels: [] });
    const keys = labelsOf(profile, index);
    return {
      keys: keys
        .slice(0, maxLabelKeys)
        .map(({ key, values }) => ({ key, values: values.slice(0, maxLabelValues) })),
      leftOut: Math.max(0, keys.length - maxLabelKeys),
    };
  }

  #top(looking: Ask<'top'>): Answer<'top'> {
    const { rows, whole } = this.#counted(looking);
    // What is less in a difference stands where its size puts it.
    const by = { function: textOf('name'), flat: sizeOf('flat'), cum: sizeOf('cum') };
    return { whole, ...pageOf(rows, looking, by, 'flat') };
  }

  /** All functions, the largest first. */
  #counted(looking: Looking): Omit<Top, 'rows'> & { readonly rows: readonly TopLine[] } {
    const { profile, type, filter } = this.#look(looking);
    return this.#work.get(`top ${lookingKey(looking)}`, profile.functions.length * 100, () => {
      const { rows, ...sums } = top(profile, type, filter);
      let sum = 0;
      const lines = rows.map((row) => {
        sum += row.flat;
        return Object.assign(row, { sumShare: sums.whole === 0 ? 0 : sum / sums.whole });
      });
      return { ...sums, rows: lines };
    });
  }

  #icicle(looking: Ask<'icicle'>): Answer<'icicle'> {
    const { profile, type, filter } = this.#look(looking);
    const tree = this.#work.get(
      `tree ${lookingKey(looking)}`,
      (built) => built.size * 40,
      () => callTree(profile, type, filter),
    );
    const { whole } = this.#counted(looking);
    return callPicture(tree, { files: fileByName(profile), whole }, looking);
  }

  #sandwich(looking: Ask<'sandwich'>): Answer<'sandwich'> {
    const { profile, type, filter } = this.#look(looking);
    const found = sandwich(profile, type, looking.name, filter);
    return found && withEnds(found);
  }

  #constructors(listing: Ask<'constructors'>): Answer<'constructors'> {
    const { opened } = this.#find(listing.id);
    if (opened.kind !== 'snapshot') throw new Error('Only a heap snapshot has constructors.');
    const by = {
      constructor: textOf('name'),
      count: numberOf('count'),
      self: numberOf('selfBytes'),
      retained: numberOf('retainedBytes'),
    };
    return pageOf(opened.snapshot.constructors, listing, by, 'self');
  }

  #changes(pairing: Ask<'changes'>): Answer<'changes'> {
    const { before, after, type, scale } = this.#pair(pairing);
    const rows = this.#work.get(`changes ${pairingKey(pairing)}`, 100_000, () =>
      compare({ profile: before }, { profile: after }, type).rows.map((row) => {
        const [was, is] = [row.before.flat * scale.before, row.after.flat * scale.after];
        return {
          name: row.name,
          file: row.file,
          before: was,
          after: is,
          delta: is - was,
          deltaCum: row.after.cum * scale.after - row.before.cum * scale.before,
          presence: row.presence,
        };
      }),
    );
    const by = {
      function: textOf('name'),
      before: numberOf('before'),
      after: numberOf('after'),
      delta: (row: (typeof rows)[number]) => Math.abs(row.delta),
      'delta-cum': (row: (typeof rows)[number]) => Math.abs(row.deltaCum),
    };
    const sums = { totalBefore: scale.sumBefore, totalAfter: scale.sumAfter };
    return { ...sums, ...pageOf(rows, pairing, by, 'delta') };
  }

  #changeIcicle(pairing: Ask<'changeIcicle'>): Answer<'changeIcicle'> {
    const { before, after, type, scale } = this.#pair(pairing);
    const { tree, changes } = this.#work.get(
      `change tree ${pairingKey(pairing)}`,
      (built: { readonly tree: CompareTree }) => built.tree.size * 96,
      () => {
        const tree = compareTrees({ profile: before }, { profile: after }, type);
        return { tree, changes: changesOf(tree, scale) };
      },
    );
    const files = fileByName(before, after);
    return changePicture(tree, changes, { files, before: scale.sumBefore, after: scale.sumAfter }, pairing);
  }

  #changeSandwich(pairing: Ask<'changeSandwich'>): Answer<'changeSandwich'> {
    const { before, after, type, scale } = this.#pair(pairing);
    const { name } = pairing;
    const found = compareSandwich({ profile: before }, { profile: after }, { type, name }, scale);
    return found && withEnds(found);
  }

  #find(id: string): Kept {
    const kept = this.#kept.get(id);
    if (!kept) throw new Error('This profile is not open any more.');
    return kept;
  }

  #profile(id: string): Profile {
    const { opened, info } = this.#find(id);
    if (opened.kind !== 'profile') throw new Error(`${info.name} is a heap snapshot: it has no calls.`);
    return opened.profile;
  }

  #look({ id, type, labels }: Looking): { profile: Profile; type: number; filter: SampleFilter | undefined } {
    const profile = this.#profile(id);
    const index = profile.sampleTypes.findIndex((each) => each.type === type);
    return {
      profile,
      type: index < 0 ? profile.defaultType : index,
      filter: labels.length === 0 ? undefined : withLabels(profile, new Map(labels)),
    };
  }

  /** Both, and what their values are multiplied by. */
  #pair(pairing: Pairing) {
    const [before, after] = [this.#profile(pairing.before), this.#profile(pairing.after)];
    const type: SampleType | undefined = before.sampleTypes.find((each) => each.type === pairing.type);
    if (!type) throw new Error(`There is no ${pairing.type} in both.`);
    const sums = this.#work.get(`sums ${pairingKey(pairing)}`, 100, () => {
      const { rows: _, ...rest } = compare({ profile: before }, { profile: after }, type);
      return rest;
    });
    const isShare = pairing.mode === 'share';
    const scale = {
      before: isShare && sums.wholeBefore > 0 ? 1 / sums.wholeBefore : 1,
      after: isShare && sums.wholeAfter > 0 ? 1 / sums.wholeAfter : 1,
      sumBefore: sums.totalBefore,
      sumAfter: sums.totalAfter,
    };
    return { before, after, type, scale };
  }
}

function lookingKey({ id, type, labels }: Looking): string {
  return JSON.stringify([id, type, labels]);
}

function pairingKey({ before, after, type, mode }: Pairing): string {
  return JSON.stringify([before, after, type, mode]);
}

interface Ends {
  readonly callersLeftOut: number;
  readonly calleesLeftOut: number;
}

/** A sandwich whose lists end, with how many are left out. */
function withEnds<S extends { readonly callers: readonly unknown[]; readonly callees: readonly unknown[] }>(
  found: S,
): S & Ends {
  const { callers, callees } = found;
  return {
    ...found,
    callers: callers.slice(0, maxNeighbours),
    callees: callees.slice(0, maxNeighbours),
    callersLeftOut: Math.max(0, callers.length - maxNeighbours),
    calleesLeftOut: Math.max(0, callees.length - maxNeighbours),
  };
}

function textOf<K extends string>(key: K): (row: Readonly<Record<K, string>>) => string {
  return (row) => row[key];
}

function numberOf<K extends string>(key: K): (row: Readonly<Record<K, number>>) => number {
  return (row) => row[key];
}

function sizeOf<K extends string>(key: K): (row: Readonly<Record<K, number>>) => number {
  return (row) => Math.abs(row[key]);
}

/** The rows that match, in order, up to the most that go to the page. A column that is none is the usual one. */
function pageOf<T extends { readonly name: string }>(
  rows: readonly T[],
  { column, direction, search }: Listing,
  by: Readonly<Record<string, (row: T) => number | string>>,
  usual: string,
): Page<T> {
  const words = search.trim().toLowerCase();
  const matching = words === '' ? rows : rows.filter(({ name }) => name.toLowerCase().includes(words));
  const value = Object.hasOwn(by, column) ? by[column] : by[usual];
  const ordered = value
    ? matching.toSorted((a, b) => {
        const [x, y] = [value(a), value(b)];
        return x === y ? 0 : (x < y ? -1 : 1) * direction;
      })
    : matching;
  return { rows: ordered.slice(0, maxTableRows), matching: matching.length, all: rows.length };
}

function fileByName(...profiles: readonly Profile[]): (name: string) => string {
  const files = new Map(
    profiles.flatMap(({ functions }) => functions.map(({ name, file }) => [name, file] as const)),
  );
  return (name) => files.get(name) ?? '';
}

function infoOf(opened: OpenedProfile): Omit<ProfileInfo, 'id' | 'name' | 'fileBytes' | 'heldBytes'> {
  if (opened.kind === 'snapshot') {
    const { format, objects, references, totalBytes } = opened.snapshot;
    const none = { sampleTypes: [], defaultType: 0, samples: 0, functions: 0, hasLabels: false, facts: {} };
    return { ...none, format, snapshot: { objects, references, totalBytes } };
  }
  const { profile } = opened;
  const { format, sampleTypes, defaultType, functions, labels, at, durationMs, period } = profile;
  const { comments, hasUnnamed } = profile;
  return {
    format,
    sampleTypes,
    defaultType,
    samples: sampleCount(profile),
    functions: functions.length,
    hasLabels: labels !== undefined,
    facts: {
      ...(at === undefined ? {} : { at }),
      ...(durationMs === undefined ? {} : { durationMs }),
      ...(period === undefined ? {} : { period }),
      ...(comments === undefined ? {} : { comments }),
      ...(hasUnnamed === undefined ? {} : { hasUnnamed }),
    },
  };
}

/** What an object with a few fields takes, and each label, about. */
const objectBytes = 80;
const labelBytes = 60;

function profileBytes({ starts, frames, values, functions, labels }: Profile): number {
  const names = functions.reduce((sum, { name, file }) => sum + objectBytes + name.length + file.length, 0);
  const distinct = new Set(labels);
  let labelled = (labels?.length ?? 0) * 8;
  for (const each of distinct) labelled += each ? objectBytes + each.size * labelBytes : 0;
  return starts.byteLength + frames.byteLength + values.byteLength + names + labelled;
}

function snapshotBytes({ constructors }: SnapshotSummary): number {
  return constructors.reduce((sum, { name }) => sum + objectBytes + name.length, 0);
}
