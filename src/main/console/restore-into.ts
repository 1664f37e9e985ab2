/** The client's restore as a job of the console: its phases in words, and how fast it is. */
import { restore, type RestoreEvent, type RestorePhase } from '#main/client/restore.ts';
import { RateMeter } from '#main/flow/rate.ts';
import type { Repository } from '#main/http/names.ts';
import { formatBytes } from '#shared/units.ts';
import type { RestoreWatch } from './restores.ts';

const words: Readonly<Record<RestorePhase, string>> = {
  asking: 'asking the server for refs',
  downloading: 'downloading and extracting',
  checking: 'checking the clone',
  bundle: 'fetching what is newer than the snapshot',
  refs: 'fetching refs',
  placing: 'moving it into place',
};

/** Restores `repository` from the server at `server`. @returns what came of it, in a sentence @throws as `restore` */
export async function restoreInto(
  server: URL,
  repository: Repository,
  directory: string,
  { signal, onReport, onLine }: RestoreWatch,
): Promise<string> {
  const meter = new RateMeter();
  const onEvent = (event: RestoreEvent): void => {
    if (event.event === 'warning') return onLine(event.message);
    const phase = words[event.phase];
    if (event.event === 'phase') {
      onLine(phase);
      return onReport({ phase });
    }
    meter.add(Math.max(0, event.doneBytes - meter.totalBytes));
    const { doneBytes: done, totalBytes: total } = event;
    onReport({ phase, done, total, unit: 'bytes', bytesPerSecond: meter.bytesPerSecond() });
  };
  const restored = await restore({ repository: repository.upstream, directory, server, onEvent }, signal);
  const bytes = formatBytes(restored.snapshotBytes + restored.bundleBytes);
  return `${directory} is at ${restored.commit.slice(0, 8)}; ${bytes} downloaded`;
}
