/**
 * What a recording has of the ledger by owner: the whole of it, every five seconds, and between them as soon as much of
 * it has changed hands, once a second at most. Each record stands alone, so whoever plays looks for the newest.
 */
import type { LedgerOwner } from '#shared/profile/ledger-owner.ts';
import type { LedgerReading } from '#shared/ledger-model.ts';
import type { RecordingRecord } from '#shared/recording/records.ts';

/** Owners that a record tells apart, the largest; what is left is one owner more. */
export const maxRecordedOwners = 100;

/** The ledger at this instant, with at most `maxRecordedOwners` owners and the rest. */
export type OwnerSource = () => {
  readonly totalBytes: number;
  readonly owners: readonly LedgerOwner[];
};

const leastMs = 1000;
const mostMs = 5000;
/** What has to have changed hands for a record before its time, as a part of the ledger. */
const muchShare = 1 / 20;

export class OwnerRecords {
  readonly #source: OwnerSource;
  #askedAt = Number.NEGATIVE_INFINITY;
  #told: LedgerReading | undefined;

  constructor(source: OwnerSource) {
    this.#source = source;
  }

  /** A file begins in which nothing was told before. */
  beginAgain(): void {
    this.#told = undefined;
    this.#askedAt = Number.NEGATIVE_INFINITY;
  }

  /** One record, or none. */
  due(at: number): readonly RecordingRecord[] {
    if (at - this.#askedAt < leastMs) return [];
    this.#askedAt = at;
    const { totalBytes, owners } = this.#source();
    const ledger: LedgerReading = { at, totalBytes, owners: [...owners] };
    const told = this.#told;
    if (told && at - told.at < mostMs && movedBytes(told, ledger) <= totalBytes * muchShare) return [];
    this.#told = ledger;
    return [{ kind: 'owners', at, ledger }];
  }
}

/** Bytes that have another owner, or another state, than before; how old they are does not count. */
function movedBytes(before: LedgerReading, now: LedgerReading): number {
  const changes = new Map<string, number>();
  const add = ({ owners }: LedgerReading, sign: 1 | -1): void => {
    for (const { purpose, client, object, state, bytes } of owners) {
      const key = `${purpose}\n${client}\n${object}\n${state}`;
      changes.set(key, (changes.get(key) ?? 0) + sign * bytes);
    }
  };
  add(before, -1);
  add(now, 1);
  // What one has more, another has less: counted once.
  return [...changes.values()].reduce((sum, change) => sum + Math.max(0, change), 0);
}
