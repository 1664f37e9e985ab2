/** The ledger in forms that other tools read: pprof, to open beside a heap profile of Go, and lines of JSON. */
import { ProfileBuilder } from './builder.ts';
import type { LedgerOwner } from './ledger-owner.ts';
import type { Profile } from './profile.ts';
import { toPprof } from './pprof-writer.ts';

/** A sample for each owner, with a stack that says what it is for, and labels that say whose it is. */
export function ledgerAsProfile(owners: readonly LedgerOwner[], at: number): Profile {
  const builder = new ProfileBuilder('pprof', [
    { type: 'inuse_objects', unit: 'count' },
    { type: 'inuse_space', unit: 'bytes' },
  ]);
  for (const { client, object, tier, state, age, bytes, count, purpose } of owners) {
    const stack = [state, purpose, 'sluice'].filter((name) => name !== '');
    const labels = Object.entries({ client, object, tier, state, age }).filter(([, value]) => value !== '');
    const frames = stack.map((name) => builder.function(name));
    builder.add(frames, [count, bytes], new Map(labels));
  }
  return builder.build({
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
