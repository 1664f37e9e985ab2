import type { RequestRow } from '#shared/request-model.ts';

/** What the language reads of a request. A field is read only when the filter asks for it, so it may be a getter. */
export type FilterRow = Pick<
  RequestRow,
  | 'seq'
  | 'at'
  | 'method'
  | 'target'
  | 'rangeKind'
  | 'ifRange'
  | 'condition'
  | 'objectBytes'
  | 'status'
  | 'sentBytes'
  | 'askedBytes'
  | 'firstByteMs'
  | 'durationMs'
  | 'heldMs'
  | 'tier'
  | 'client'
  | 'complete'
>;

/** Whether `row` passes; `now` in milliseconds since the epoch, for times that are relative to it. */
export type Check = (row: FilterRow, now: number) => boolean;
