/**
 * The Downloads view: how is one object being fetched? All downloads of the recent past above; below, one of them: the
 * whole object chunk by chunk, the slots of whoever reads it, every piece with its times, and what another window
 * would have done.
 */
import { useEffect, useState } from 'react';
import { useCommand } from '../../state/commands.ts';
import { DownloadStore } from '../../state/download-store.ts';
import { useFootprint } from '../../state/footprint.ts';
import { useLive } from '../../state/live-context.ts';
import { useParam, usePlace } from '../../state/place.ts';
import { useSignal } from '../../state/signal.ts';
import { Beside } from '../../ui/boundary.tsx';
import { Detail } from './detail.tsx';
import { DownloadsSection } from './downloads-section.tsx';
import { openDownload } from './open-download.ts';
import { Loading, NoAnswer, NoneYet, NotReadable, Paused } from './empty.tsx';
import styles from './downloads-view.module.css';

export function DownloadsView() {
  const { store: live, follower, timeline, player } = useLive();
  useSignal(live.connectionChanged);
  useSignal(timeline.changed);
  const [store] = useState(() => new DownloadStore(follower.call, () => timeline.pausedAt !== undefined));
  useEffect(() => store.follow(), [store]);
  useSignal(store.changed);
  useFootprint('downloads', store);
  const { kind } = live.connection;
  // What could not be read for want of a connection is read again with the connection.
  useEffect(() => (kind === 'live' ? store.refresh() : undefined), [store, kind]);
  // Another instant of a recording has other downloads.
  useEffect(() => player?.changed.subscribe(store.refresh), [store, player]);
  const { params } = usePlace();
  const id = useOpened();
  useEffect(() => store.open(id), [store, id]);
  const [presentation, present] = useParam('as');
  const isTable = presentation === 'tables';
  useCommand('view.tables', () => present(isTable ? undefined : 'tables', 'replace'));

  const { list, opened } = store;
  return (
    <main className={styles['view']} data-stale={kind !== 'live'} data-testid="downloads">
      {!list && <Unlisted store={store} />}
      {list?.downloads.length === 0 &&
        id === undefined &&
        (timeline.pausedAt === undefined ? <NoneYet /> : <Paused />)}
      {list && (list.downloads.length > 0 || id !== undefined) && (
        <div className={styles['columns']} data-details={id !== undefined}>
          <DownloadsSection
            list={list}
            openedId={id}
            failure={kind === 'live' ? store.failure : undefined}
            pausedAt={timeline.pausedAt}
          />
          {opened && opened.id === id && (
            <Beside what="This download" of={opened.id} onClose={() => openDownload(undefined, params)}>
              <Detail opened={opened} isTable={isTable} />
            </Beside>
          )}
        </div>
      )}
    </main>
  );
}

/** The download in the address. */
function useOpened(): number | undefined {
  const { subject } = usePlace();
  return /^\d{1,15}$/.test(subject) ? Number(subject) : undefined;
}

/** Nothing has been read yet: why. */
function Unlisted({ store }: { readonly store: DownloadStore }) {
  const { store: live } = useLive();
  if (live.connection.kind !== 'live') return live.hasBeenLost ? <NoAnswer /> : <Loading />;
  return store.failure === undefined ? <Loading /> : <NotReadable sentence={store.failure} />;
}
