/** The ledger by owner, as the console, recordings and files have it. */
import { z } from 'zod';
import { ledgerAges, ledgerPurposes } from '#shared/profile/ledger-owner.ts';
import { ledgerStates } from '#shared/vocabulary/live.ts';

const count = z.number().int().nonnegative();

const ledgerOwnerSchema = z.object({
  purpose: z.enum(ledgerPurposes),
  client: z.string(),
  object: z.string(),
  tier: z.enum(['store', 'disk', 'none']),
  state: z.enum([...ledgerStates, '']),
  age: z.enum(ledgerAges),
  bytes: count,
  count,
});

/** An instant of the ledger: the owners' bytes sum up to the total, which is the ledger's own. */
export const ledgerReadingSchema = z.object({
  /** Milliseconds since the epoch. */
  at: z.number(),
  totalBytes: count,
  /** The most bytes first. */
  owners: z.array(ledgerOwnerSchema),
});
export type LedgerReading = Readonly<z.infer<typeof ledgerReadingSchema>>;
