/** What the routes work with: made once by the composition root (app.ts). */
import type { Logger } from 'pino';
import type { Catalog } from '#main/cache/catalog.ts';
import type { TieredCache } from '#main/cache/tiered.ts';
import type { Admission } from '#main/flow/admission.ts';
import type { Budget } from '#main/flow/budget.ts';
import type { Names } from '#main/http/names.ts';
import type { ObjectStore } from '#main/object-store/object-store.ts';
import type { Metrics } from '#main/telemetry/metrics.ts';
import type { RequestLog } from '#main/telemetry/request-log.ts';
import type { TransferBoard } from '#main/transfer/board.ts';
import type { Config } from '#shared/config.ts';

export interface Services {
  readonly config: Config;
  readonly log: Logger;
  readonly store: ObjectStore;
  /** From names in URLs to keys of this store. */
  readonly names: Names;
  readonly cache: TieredCache;
  readonly catalog: Catalog;
  readonly budget: Budget;
  readonly admission: Admission;
  readonly board: TransferBoard;
  readonly requests: RequestLog;
  readonly metrics: Metrics;
}
