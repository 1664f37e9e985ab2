/** The words of the Live view's records, in the order of their codes where they have codes. */

/**
 * Where a chunk of a transfer is. `queued`, `waiting` and `retry` have reserved memory; `receiving`, `held` and
 * `draining` fill it. `held` is complete and waits for an earlier chunk or for the client.
 */
export const chunkStates = ['queued', 'waiting', 'receiving', 'held', 'draining', 'retry', 'failed'] as const;
export type ChunkState = (typeof chunkStates)[number];

/**
 * What the ledger counts a buffer as. `spare` is allocated and waits to be used again; `cached` is filled with what
 * nobody reads at the moment; `bounce` is a copy that a slow client has still to take; `connection` is for the heads
 * of a store's answers. The others say how far what is fetched has come.
 */
export const ledgerStates = [
  'spare',
  'cached',
  'upload',
  'bounce',
  'connection',
  'queued',
  'waiting',
  'receiving',
  'held',
  'draining',
  'retry',
  'failed',
] as const;
export type LedgerState = (typeof ledgerStates)[number];

/** Why a lane is as it is, judged over the last two seconds. */
export const diagnoses = [
  'healthy',
  'client-bound',
  'store-bound',
  'head-of-line',
  'budget-bound',
  'disk-bound',
] as const;
export type Diagnosis = (typeof diagnoses)[number];

/**
 * Every byte of the budget by what it is for; they add up to the budget. `needed`: a client waits for it or is being
 * sent it. `ahead`: read ahead. `pinned`: with a socket. `zombie`: of no use any more, but a socket or a read still
 * has it. `unfilled`: of a chunk that is on its way.
 */
export const poolStates = [
  'free',
  'queued',
  'filled',
  'unfilled',
  'needed',
  'ahead',
  'cached',
  'pinned',
  'zombie',
  'small',
  'bounce',
  'upload',
  'connection',
] as const;
export type PoolState = (typeof poolStates)[number];

/** What a console may do: viewers look, operators also change things. */
export const roles = ['viewer', 'operator'] as const;
export type Role = (typeof roles)[number];
