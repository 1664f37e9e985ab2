/** The owners of the ledger, put together by one of their traits. The groups' bytes sum up to the owners'. */
import { type LedgerAge, ledgerAges, type LedgerOwner, type LedgerPurpose } from './ledger-owner.ts';
import type { LedgerState } from '#shared/vocabulary/live.ts';

export const groupings = ['client', 'object', 'state', 'age'] as const;
export type Grouping = (typeof groupings)[number];

/** Bytes of a group that are in the ledger for one reason; `rest`: for several, that were not told apart. */
export interface GroupPart {
  readonly state: LedgerState | 'rest';
  readonly bytes: number;
}

export interface OwnerGroup {
  /** Stays the same from reading to reading; stands in the address. */
  readonly key: string;
  readonly name: string;
  /** Somebody or something that has a name; otherwise memory that nobody is known to want, or spare. */
  readonly kind: 'named' | 'nobody' | 'spare' | 'rest';
  readonly bytes: number;
  /** Buffers. */
  readonly count: number;
  /** Why they are held, in the order in which bars have them. */
  readonly parts: readonly GroupPart[];
  readonly owners: readonly LedgerOwner[];
}

const nobodyNames: Readonly<Record<LedgerPurpose, string>> = {
  transfer: 'a transfer without a name',
  cache: 'the memory cache',
  upload: 'uploads',
  'store connection': 'connections to the store',
  spare: 'spare',
  unattributed: 'nobody who is known',
  rest: 'all others',
};

const ageNames: Readonly<Record<LedgerAge, string>> = {
  '< 1 s': 'less than 1 s',
  '< 10 s': '1 s to 10 s',
  '< 1 min': '10 s to 1 min',
  '< 10 min': '1 min to 10 min',
  older: 'more than 10 min',
};

/** From what waits for a client to what nobody has: the order of bars and of the legend. */
const partOrder: readonly GroupPart['state'][] = [
  'held',
  'draining',
  'bounce',
  'receiving',
  'waiting',
  'queued',
  'retry',
  'failed',
  'cached',
  'upload',
  'connection',
  'rest',
  'spare',
];

type Title = Pick<OwnerGroup, 'key' | 'name' | 'kind'>;

/** What nobody has a name for is told apart by what it is for; its key cannot be anybody's name. */
function unnamed({ purpose }: LedgerOwner): Title {
  const kind = purpose === 'spare' || purpose === 'rest' ? purpose : 'nobody';
  return { key: `(${purpose})`, name: nobodyNames[purpose], kind };
}

const titles: Readonly<Record<Grouping, (owner: LedgerOwner) => Title>> = {
  client: (owner) => named(owner.client) ?? unnamed(owner),
  object: (owner) => named(owner.object) ?? unnamed(owner),
  state: (owner) => (owner.purpose === 'spare' ? unnamed(owner) : (named(owner.state) ?? unnamed(owner))),
  age: (owner) =>
    owner.purpose === 'spare' || owner.purpose === 'rest'
      ? unnamed(owner)
      : { key: owner.age, name: ageNames[owner.age], kind: 'named' },
};

function named(name: string): Title | undefined {
  return name === '' ? undefined : { key: name, name, kind: 'named' };
}

const kindOrder: readonly OwnerGroup['kind'][] = ['named', 'nobody', 'rest', 'spare'];

/** Who has a name first, the most bytes first; ages from the youngest. */
export function groupOwners(owners: readonly LedgerOwner[], by: Grouping): readonly OwnerGroup[] {
  const groups = new Map<string, { title: Title; owners: LedgerOwner[] }>();
  for (const owner of owners) {
    const title = titles[by](owner);
    const group = groups.get(title.key);
    if (group) group.owners.push(owner);
    else groups.set(title.key, { title, owners: [owner] });
  }
  const rank = ({ kind }: OwnerGroup): number => kindOrder.indexOf(kind);
  const age = ({ key }: OwnerGroup): number =>
    by === 'age' ? ledgerAges.findIndex((each) => each === key) : 0;
  return [...groups.values()]
    .map(({ title: { key, name, kind }, owners: members }): OwnerGroup => ({
      key,
      name,
      kind,
      bytes: sumOf(members, 'bytes'),
      count: sumOf(members, 'count'),
      parts: partsOf(members),
      owners: members,
    }))
    .toSorted(
      (a, b) => rank(a) - rank(b) || age(a) - age(b) || b.bytes - a.bytes || (a.key < b.key ? -1 : 1),
    );
}

/**
 * The owners with the text in the name of their client or of their object, in any case; where there is no name, what stands
 * in its place counts. All of them for a text of blanks.
 */
export function ownersWith(owners: readonly LedgerOwner[], text: string): readonly LedgerOwner[] {
  const wanted = text.trim().toLowerCase();
  return owners.filter(({ client, object, purpose }) =>
    [client, object].some((name) =>
      (name === '' ? nobodyNames[purpose] : name).toLowerCase().includes(wanted),
    ),
  );
}

/** Bytes by state, in the order of bars; only what there is. */
export function partsOf(owners: readonly LedgerOwner[]): readonly GroupPart[] {
  return partOrder
    .map((state) => ({
      state,
      bytes: sumOf(
        owners.filter((owner) => (owner.state === '' ? 'rest' : owner.state) === state),
        'bytes',
      ),
    }))
    .filter(({ bytes }) => bytes > 0);
}

export function sumOf(
  owners: readonly Pick<LedgerOwner, 'bytes' | 'count'>[],
  what: 'bytes' | 'count',
): number {
  return owners.reduce((sum, owner) => sum + owner[what], 0);
}
