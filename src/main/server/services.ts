/** What the routes work with: made once by the composition root (app.ts). */
import type { Logger } from 'pino';
import type { Gate } from '#main/access/gate.ts';
import type { Catalog } from '#main/cache/catalog.ts';
import type { Admission } from '#main/flow/admission.ts';
import type { Names } from '#main/http/names.ts';
import type { ObjectStore } from '#main/object-store/object-store.ts';
import type { Captures } from '#main/profiling/captures.ts';
import type { Metrics } from '#main/telemetry/metrics.ts';
import type { Incidents } from '#main/incident/incidents.ts';
import type { Recordings } from '#main/recording/recordings.ts';
import type { RequestLog } from '#main/telemetry/request-log.ts';
import type { RepositoryService } from '#main/snapshots/service.ts';
import type { Engine } from '#main/transfer/engine.ts';
import type { Config } from '#shared/config.ts';
import type { LedgerOwner } from '#shared/profile/ledger-owner.ts';
import type { Outside } from './outside.ts';

export interface Services {
  readonly config: Config;
  readonly gate: Gate;
  readonly outside: Outside;
  readonly log: Logger;
  readonly store: ObjectStore;
  /** From names in URLs to keys of this store. */
  readonly names: Names;
  readonly catalog: Catalog;
  readonly admission: Admission;
  readonly engine: Engine;
  readonly requests: RequestLog;
  readonly metrics: Metrics;
  readonly captures: Captures;
  /** The ledger by owner, at this instant. */
  readonly ledger: () => { readonly totalBytes: number; readonly owners: readonly LedgerOwner[] };
  readonly repositories: RepositoryService;
  /** Absent where nothing is recorded. */
  readonly recordings?: Recordings | undefined;
  readonly incidents?: Incidents | undefined;
}
