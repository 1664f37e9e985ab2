/** The procedures about downloads. */
import { describeDownloads, detailDownload } from '#main/console/downloads.ts';
import { telling } from '#main/console/refusals.ts';
import type { Engine } from '#main/transfer/engine.ts';
import { implementer } from './implementer.ts';

export function downloadProcedures(engine: Engine) {
  const { downloads: routes } = implementer;
  return {
    list: routes.list.handler(() => telling(() => describeDownloads(engine))),
    detail: routes.detail.handler(({ input }) =>
      telling(() => detailDownload(engine, input.id, input.version)),
    ),
  };
}
