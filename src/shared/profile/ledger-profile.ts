/** The ledger in forms that other tools read: pprof, to open beside a heap profile of Go, and lines of JSON. */
import { ProfileBuilder } from './builder.ts';
import type { Profile } from './profile.ts';
import { toPprof } from './pprof-writer.ts';

/** Buffers that are alike in everything but their number. */
export interface LedgerOwner {
  /** Whose reading keeps them: an address, `several clients`, or `nobody`. */
  readonly client: string;
  /** The object whose bytes they are for; empty where there is none. */
  readonly object: string;
  /** Where the bytes came from: `store`, `disk`, or `none`. */
  readonly tier: string;
  /** Why they are held: a state of the ledger. */
  readonly state: string;
  readonly bytes: number;
  readonly count: number;
  /** For how long the oldest of them has been in this state. */
  readonly oldestMs: number;
  /** What they are part of: `transfer`, `cache`, `upload`, `store connection`, `spare`, `unattributed`. */
  readonly purpose: string;
}

/** A sample for each owner, with a stack that says what it is for, and labels that say whose it is. */
export function ledgerAsProfile(owners: readonly LedgerOwner[], at: number): Profile {
  const builder = new ProfileBuilder([
    { type: 'inuse_objects', unit: 'count' },
    { type: 'inuse_space', unit: 'bytes' },
  ]);
  for (const { client, object, tier, state, bytes, count, purpose } of owners) {
    const stack = [state, purpose, 'sluice'].map((name) => builder.function(name));
    const labels = Object.entries({ client, object, tier, state }).filter(([, value]) => value !== '');
    builder.add(stack, [count, bytes], new Map(labels));
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
