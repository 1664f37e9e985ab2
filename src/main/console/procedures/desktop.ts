/** The procedures of the desktop window. */
import { requireDesktop } from '#main/console/context.ts';
import { telling } from '#main/console/refusals.ts';
import type { ReplaySources } from '#main/console/replay.ts';
import type { ConsoleRepositories } from '#main/console/repositories.ts';
import { implementer } from './implementer.ts';

const savedFiles = {
  recording: { path: 'recordings', suffix: '.sluicerec' },
  incident: { path: 'incidents', suffix: '.tar.gz' },
} as const;

export function desktopProcedures(
  repositories: ConsoleRepositories,
  { url: serverUrl, ownToken }: Pick<ReplaySources, 'url' | 'ownToken'>,
) {
  const { desktop: routes } = implementer;
  return {
    chooseFolder: routes.chooseFolder.handler(({ input, context }) =>
      telling(async () => ({ directory: await repositories.chooseFolder(input.repository, context) })),
    ),
    saveExport: routes.saveExport.handler(({ input, context }) =>
      telling(async () => {
        const url = new URL(`api/v1/requests.${input.kind}`, serverUrl());
        url.searchParams.set('q', input.q);
        return { file: await requireDesktop(context).saveExport({ url, ownToken }) };
      }),
    ),
    saveFile: routes.saveFile.handler(({ input: { kind, id }, context }) =>
      telling(async () => {
        const { path, suffix } = savedFiles[kind];
        const url = new URL(`api/v1/${path}/${id}`, serverUrl());
        return { file: await requireDesktop(context).saveExport({ url, name: `${id}${suffix}`, ownToken }) };
      }),
    ),
    openWindow: routes.openWindow.handler(({ input, context }) =>
      telling(() => requireDesktop(context).openWindow(input.hash)),
    ),
    notify: routes.notify.handler(({ input, context }) =>
      telling(() => requireDesktop(context).notify(input)),
    ),
  };
}
