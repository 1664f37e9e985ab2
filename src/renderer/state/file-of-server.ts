/** A server that was started to show a file has the page show it: once, as soon as it says hello. */
import { useEffect } from 'react';
import { useLive } from './live-context.ts';
import { useSignal } from './signal.ts';

const shown = new Set<string>();

export function useFileOfServer(): void {
  const { store, follower, player } = useLive();
  useSignal(store.connectionChanged);
  const opens = store.currentHello?.opens;
  useEffect(() => {
    if (!opens || player || shown.has(opens.name)) return;
    shown.add(opens.name);
    void import('../playback/open-files.ts').then(({ openFileOfServer }) =>
      openFileOfServer(follower.call, opens),
    );
  }, [opens, player, follower]);
}
