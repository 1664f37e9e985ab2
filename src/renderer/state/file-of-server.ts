/** A server that was started to show a file has the page show it: once, as soon as it says hello. */
import { useEffect } from 'react';
import type { Hello } from '#shared/model.ts';
import type { Follower } from '../rpc/follow.ts';
import { useLive } from './live-context.ts';
import { fileOfAddress } from './opened-files.ts';
import { parsePlace, recordingParam } from './place.ts';
import { useSignal } from './signal.ts';

type ShownFile = NonNullable<Hello['opens']>;

const shown = new Set<string>();
/** A page that begins with the file is there already, and may have been led elsewhere before the file has come. */
const begunWith = fileOfAddress(parsePlace(location.hash).params[recordingParam] ?? '');

export function useFileOfServer(): void {
  const { store, follower, player } = useLive();
  useSignal(store.connectionChanged);
  const opens = store.currentHello?.opens;
  useEffect(() => {
    if (!opens || player || shown.has(opens.name)) return;
    openShownFile(follower.call, opens, opens.name === begunWith ? 'stay' : 'go');
  }, [opens, player, follower]);
}

/** Has the page show it now. */
export function openShownFile(call: Follower['call'], file: ShownFile, how: 'go' | 'stay' = 'go'): void {
  shown.add(file.name);
  void import('../playback/open-files.ts').then(({ openFileOfServer }) => openFileOfServer(call, file, how));
}
