/** A server that was started to show a file has the page show it: once, as soon as it says hello. */
import { useEffect } from 'react';
import type { Hello } from '#shared/model.ts';
import type { Follower } from '../rpc/follow.ts';
import { useLive } from './live-context.ts';
import { useSignal } from './signal.ts';

type ShownFile = NonNullable<Hello['opens']>;

const shown = new Set<string>();

export function useFileOfServer(): void {
  const { store, follower, player } = useLive();
  useSignal(store.connectionChanged);
  const opens = store.currentHello?.opens;
  useEffect(() => {
    if (opens && !player && !shown.has(opens.name)) openShownFile(follower.call, opens);
  }, [opens, player, follower]);
}

/** Has the page show it now. */
export function openShownFile(call: Follower['call'], file: ShownFile): void {
  shown.add(file.name);
  void import('../playback/open-files.ts').then(({ openFileOfServer }) => openFileOfServer(call, file));
}
