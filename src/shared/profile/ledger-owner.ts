/** The ledger by owner: what is told of each buffer. */
import type { LedgerState } from '#shared/vocabulary/live.ts';

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
