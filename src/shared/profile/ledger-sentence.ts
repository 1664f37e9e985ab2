/** Who holds the ledger, in a sentence: made from the owners alone, and from what their transfers do. */
import type { LedgerReading } from '#shared/ledger-model.ts';
import { splitObject } from '#shared/object-name.ts';
import type { Lane } from '#shared/model.ts';
import { formatBytes, formatRate } from '#shared/units.ts';
import { formatShare } from './callout.ts';
import { groupOwners, type OwnerGroup, sumOf } from './ledger-groups.ts';
import { type LedgerAge, ledgerAges, severalClients } from './ledger-owner.ts';

/** For how long at least what is in a bucket has been so. */
const atLeast: Readonly<Record<LedgerAge, string>> = {
  '< 1 s': '',
  '< 10 s': 'more than 1 s',
  '< 1 min': 'more than 10 s',
  '< 10 min': 'more than 1 min',
  older: 'more than 10 min',
};

type Reading = Pick<Lane, 'client' | 'outBytesPerSecond'>;

/** `10.1.4.7 holds 86 % of the ledger, 308 MiB, most of it held for more than 10 s while it reads 400 KiB/s.` */
export function ownersSentence(
  { owners, totalBytes }: Pick<LedgerReading, 'owners' | 'totalBytes'>,
  lanes: readonly Reading[],
): string {
  const groups = groupOwners(owners, 'client');
  const client = groups.find(({ kind }) => kind === 'named');
  const nobody = groups.find(({ kind }) => kind === 'nobody');
  if (!client) return nobody ? `${purposeWords(nobody, totalBytes)}.` : nobodyWords(totalBytes);
  const more = nobody && nobody.bytes > client.bytes ? ` ${purposeWords(nobody, totalBytes)}.` : '';
  return `${clientWords(client, amountOf(client, totalBytes), lanes)}.${more}`;
}

function amountOf({ bytes }: OwnerGroup, totalBytes: number): string {
  return `${formatShare(bytes / Math.max(1, totalBytes))} of the ledger, ${formatBytes(bytes)}`;
}

/** The client that the sentence is about, if it is about one. */
export function mainHolder(owners: LedgerReading['owners']): OwnerGroup | undefined {
  return groupOwners(owners, 'client').find(({ kind }) => kind === 'named');
}

function nobodyWords(totalBytes: number): string {
  return totalBytes === 0
    ? 'Nobody holds anything: no memory has been needed for bodies yet.'
    : `Nobody holds anything: the ledger’s ${formatBytes(totalBytes)} are spare, and wait to be used again.`;
}

function clientWords(holder: OwnerGroup, amount: string, lanes: readonly Reading[]): string {
  const [object] = groupOwners(holder.owners, 'object');
  const of =
    object && object.kind === 'named' && object.bytes > holder.bytes / 2
      ? ` of ${splitObject(object.name).main}`
      : '';
  const verb = holder.key === severalClients ? 'share' : 'holds';
  const reason = reasonWords(holder);
  const reads = rateWords(holder, lanes);
  const link = reason === '' ? ', and' : ' while';
  return `${nameOf(holder)} ${verb} ${amount}${of}${reason}${reads === '' ? '' : `${link} ${reads}`}`;
}

function nameOf({ key }: OwnerGroup): string {
  return key === severalClients ? 'Several clients' : key;
}

/** `, most of it held for more than 10 s`: the state that most bytes have, and the age that most of those have. */
function reasonWords({ owners, bytes }: OwnerGroup): string {
  const [state] = groupOwners(owners, 'state').toSorted((a, b) => b.bytes - a.bytes);
  if (!state || state.kind !== 'named' || state.bytes <= bytes / 2) return '';
  const isOlder = (age: LedgerAge): boolean => {
    const older = state.owners.filter((owner) => ledgerAges.indexOf(owner.age) >= ledgerAges.indexOf(age));
    return sumOf(older, 'bytes') > bytes / 2;
  };
  const age = ledgerAges.toReversed().find(isOlder);
  const span = age === undefined ? '' : atLeast[age];
  return `, most of it ${stateWords[state.key] ?? state.key}${span === '' ? '' : ` for ${span}`}`;
}

const stateWords: Readonly<Record<string, string>> = {
  bounce: 'copied for it',
  waiting: 'waiting for the store',
  retry: 'waiting to be tried again',
};

function rateWords({ key }: OwnerGroup, lanes: readonly Reading[]): string {
  const own = lanes.filter(({ client }) => client === key);
  if (own.length === 0) return '';
  const rate = own.reduce((sum, { outBytesPerSecond }) => sum + outBytesPerSecond, 0);
  return rate < 1 ? 'it reads nothing' : `it reads ${formatRate(rate)}`;
}

function purposeWords(group: OwnerGroup, totalBytes: number): string {
  const amount = amountOf(group, totalBytes);
  const who = `${group.name.charAt(0).toUpperCase()}${group.name.slice(1)}`;
  if (group.key === '(cache)') return `${who} has ${amount}, and gives it up when somebody needs it`;
  return `${who} ${pluralPurposes.has(group.key) ? 'have' : 'has'} ${amount}`;
}

const pluralPurposes = new Set(['(upload)', '(store connection)']);
