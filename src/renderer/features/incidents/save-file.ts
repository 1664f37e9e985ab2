/** A recording or a bundle as a file on the machine of whoever looks. */
import { messageOf } from '#shared/errors.ts';
import { useLive } from '../../state/live-context.ts';
import { notify } from '../../state/notifications.ts';
import { serverParam, usePlace } from '../../state/place.ts';
import { useServerUrl } from '../../state/server-url.ts';

export type SavedKind = 'recording' | 'incident';

/** Saves one; `undefined` where files cannot be had: another server's are saved from its own console. */
export function useSaveFile(): ((kind: SavedKind, id: string) => void) | undefined {
  const { follower } = useLive();
  const { params } = usePlace();
  const server = useServerUrl();
  if ((params[serverParam] ?? '') !== '') return undefined;
  return (kind, id) => {
    // The window on the desktop has no downloads: it asks where to, and writes the file itself.
    if (window.sluiceDesktop !== true) {
      download(
        `${server.replace(/\/?$/, '/')}api/v1/${kind === 'recording' ? 'recordings' : 'incidents'}/${id}`,
      );
      return;
    }
    void follower
      .call((client) => client.desktop.saveFile({ kind, id }))
      .then(
        ({ file }) => {
          if (file !== undefined) notify({ kind: 'done', title: 'Saved', body: file, matter: `file:${id}` });
        },
        (error: unknown) =>
          notify({ kind: 'failed', title: 'Not saved', body: messageOf(error), matter: `file:${id}` }),
      );
  };
}

/** The server names the file. */
function download(url: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = '';
  link.click();
}
