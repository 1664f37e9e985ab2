/** The ledger in forms that other tools read: pprof, to open beside a heap profile of Go, and lines of JSON. */
import type { LedgerState } from '#shared/model.ts';
import { ProfileBuilder } from './builder.ts';
import type { Profile } from './profile.ts';
import { toPprof } from './pprof-writer.ts';

/** What a buffer is for. `unattributed`: in use, and nobody who is known wants it. */
export const ledgerPurposes = [
  'transfer',
  'cache',
  'upload',
  'store connection',
  'spare',
  'unattributed',
  'rest',
] as const;
export type LedgerPurpose = (typeof ledgerPurposes)[number];

/** For how long buffers have been in their state, youngest first. */
export const ledgerAges = ['< 1 s', '< 10 s', '< 1 min', '< 10 min', 'older'] as const;
export type LedgerAge = (typeof ledgerAges)[number];

/** What a chunk has as its client when more than one reads it. */
export const severalClients = 'several clients';

/** Buffers that are alike in everything but their number. */
export interface LedgerOwner {
  readonly purpose: LedgerPurpose;
  /** Whose reading keeps them: an address, or `several clients`; empty where nobody's does. */
  readonly client: string;
  /** The object whose bytes they are for; empty where there is none. */
  readonly object: string;
  /** Where the bytes came from: `store`, `disk`, or `none`. */
  readonly tier: 'store' | 'disk' | 'none';
  /** Why they are held: a state of the ledger; empty for the rest. */
  readonly state: LedgerState | '';
  readonly age: LedgerAge;
  readonly bytes: number;
  readonly count: number;
}

/** A sample for each owner, with a stack that says what it is for, and labels that say whose it is. */
export function ledgerAsProfile(owners: readonly LedgerOwner[], at: number): Profile {
  const builder = new ProfileBuilder([
    { type: 'inuse_objects', unit: 'count' },
    { type: 'inuse_space', unit: 'bytes' },
  ]);
  for (const { client, object, tier, state, age, bytes, count, purpose } of owners) {
    const stack = [state, purpose, 'sluice'].filter((name) => name !== '');
    const labels = Object.entries({ client, object, tier, state, age }).filter(([, value]) => value !== '');
    const frames = stack.map((name) => builder.function(name));
    builder.add(frames, [count, bytes], new Map(labels));
  }
  return builder.build('pprof', {
    defaultType: 1,
    at,
    comments: [
      'The ledger of Sluice: every buffer that may hold bytes of a body. Spare ones are in it, too.',
    ],
  });
}

/** The ledger as an uncompressed pprof profile. `at`: milliseconds since the epoch. */
export function ledgerProfile(owners: readonly LedgerOwner[], at: number): Uint8Array<ArrayBuffer> {
  return toPprof(ledgerAsProfile(owners, at));
}

/** The ledger as lines of JSON, an owner each. */
export function ledgerLines(owners: readonly LedgerOwner[], at: number): string {
  return owners.map((owner) => `${JSON.stringify({ at, ...owner })}\n`).join('');
}
