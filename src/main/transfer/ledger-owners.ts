/**
 * The ledger by owner: whose reading keeps each buffer, of which object, from where, why, and for how long. It goes
 * over the ledger's own entries, so that the sums are the ledger's, whatever is known about them.
 */
import type { ResidentChunk } from '#main/cache/resident-chunk.ts';
import type { LedgerEntry } from '#main/flow/ledger.ts';
import {
  severalClients,
  type LedgerAge,
  type LedgerOwner,
  type LedgerPurpose,
} from '#shared/profile/ledger-owner.ts';
import type { Engine } from './engine.ts';

/** Owners that are told apart; what is left is summed up as `rest`. */
const maxLedgerOwners = 500;

type Known = Pick<LedgerOwner, 'client' | 'object' | 'tier' | 'purpose'>;
type Open = { -readonly [K in keyof LedgerOwner]: LedgerOwner[K] };

/**
 * Owners with the most bytes first, at most `limit` and the rest. Their bytes sum up to the ledger's total.
 * `nameOf`: for people, of an object that nobody reads now, by its key.
 */
export function ledgerOwners(
  engine: Pick<Engine, 'budget' | 'pool' | 'transfers'>,
  nameOf: (key: string) => string = (key) => key,
  limit = maxLedgerOwners,
): readonly LedgerOwner[] {
  const known = knownEntries(engine, nameOf);
  const now = Date.now();
  const owners = new Map<string, Open>();
  for (const entry of engine.budget.ledger.entries()) {
    const { state, bytes } = entry;
    const about = known.get(entry) ?? unknown(entry);
    const age = state === 'spare' ? 'older' : ageOf(now - entry.since);
    const key = `${about.purpose}\n${about.client}\n${about.object}\n${about.tier}\n${state}\n${age}`;
    const owner = owners.get(key);
    if (owner) {
      owner.bytes += bytes;
      owner.count += 1;
    } else owners.set(key, { ...about, state, age, bytes, count: 1 });
  }
  const sorted = [...owners.values()].toSorted((a, b) => b.bytes - a.bytes);
  if (sorted.length <= limit) return sorted;
  const rest: Open = {
    purpose: 'rest',
    client: '',
    object: '',
    tier: 'none',
    state: '',
    age: 'older',
    bytes: 0,
    count: 0,
  };
  for (const { bytes, count } of sorted.slice(limit)) {
    rest.bytes += bytes;
    rest.count += count;
  }
  return [...sorted.slice(0, limit), rest];
}

/** What transfers and the pool know of their buffers. */
function knownEntries(
  { pool, transfers }: Pick<Engine, 'pool' | 'transfers'>,
  nameOf: (key: string) => string,
): ReadonlyMap<LedgerEntry, Known> {
  const known = new Map<LedgerEntry, Known>();
  for (const chunk of pool.residents()) {
    const purpose = pool.isIdle(chunk) ? 'cache' : 'unattributed';
    const object = nameOf(chunk.id.object.key);
    known.set(chunk.slab.entry, { purpose, client: '', object, tier: chunk.source });
  }
  for (const { info, joined, outlet } of transfers) {
    const { client, name: object } = info;
    const chunks = new Set<ResidentChunk>(joined);
    if (outlet.sending) chunks.add(outlet.sending);
    for (const chunk of chunks) {
      const before = known.get(chunk.slab.entry);
      const isShared = before?.purpose === 'transfer' && before.client !== client;
      known.set(chunk.slab.entry, {
        purpose: 'transfer',
        client: isShared ? severalClients : client,
        object,
        tier: chunk.source,
      });
    }
    if (outlet.bounce) known.set(outlet.bounce.entry, { purpose: 'transfer', client, object, tier: 'none' });
  }
  return known;
}

function unknown({ state, owner }: LedgerEntry): Known {
  const purpose: LedgerPurpose =
    state === 'spare'
      ? 'spare'
      : state === 'upload'
        ? 'upload'
        : state === 'connection'
          ? 'store connection'
          : 'unattributed';
  return { purpose, client: '', object: purpose === 'upload' ? owner : '', tier: 'none' };
}

function ageOf(milliseconds: number): LedgerAge {
  if (milliseconds < 1000) return '< 1 s';
  if (milliseconds < 10_000) return '< 10 s';
  if (milliseconds < 60_000) return '< 1 min';
  return milliseconds < 600_000 ? '< 10 min' : 'older';
}
