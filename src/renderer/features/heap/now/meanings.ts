/** What the states of the ledger mean, for people. */
import type { GroupPart } from '#shared/profile/ledger-groups.ts';

/** What a state means here, in a sentence's end. */
export const stateMeanings: Readonly<Record<GroupPart['state'], string>> = {
  held: 'complete, and waits for an earlier chunk or for its client',
  draining: 'with a socket, on its way to a client',
  bounce: 'a copy that a slow client has still to take',
  receiving: 'coming from the store',
  waiting: 'reserved; the store was asked',
  queued: 'reserved; the store was not asked yet',
  retry: 'reserved; an attempt failed, the next waits',
  failed: 'of a fetch that was given up',
  cached: 'filled, and nobody reads it at the moment',
  upload: 'parts of uploads in progress',
  connection: 'for the heads of the store’s answers',
  rest: 'owners that were not told apart',
  spare: 'was used before, and waits to be used again',
};
