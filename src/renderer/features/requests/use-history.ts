/** Reads back what the server has kept from before this console came, once for each connection, as far as it fits. */
import { useEffect } from 'react';
import { useLive } from '../../state/live-context.ts';
import { useSignal } from '../../state/signal.ts';

const pageRows = 1000;
/** Between pages, in milliseconds: what happens now has the connection first. */
const pauseMs = 100;

export function useHistory(): void {
  const { store, follower } = useLive();
  useSignal(store.connectionChanged);
  const { kind } = store.connection;
  useSignal(store.changed.requests);
  const hasRows = store.requests.oldestSeq !== undefined;
  const { clearings } = store.requests;
  useEffect(() => {
    if (kind !== 'live' || !hasRows) return undefined;
    const leaving = new AbortController();
    void (async () => {
      for (let isMore = true; isMore && !leaving.signal.aborted;) {
        const before = store.requests.oldestSeq;
        if (before === undefined || before === 0) return;
        const page = await follower.call((client) => client.requests.page({ before, limit: pageRows }));
        if (leaving.signal.aborted || store.requests.clearings !== clearings) return;
        if (store.requests.oldestSeq !== before) return;
        isMore = store.requests.prepend(page.requests) && page.hasOlder;
        store.changed.requests.touch();
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
      // Without a connection there is none to read; the next one starts over.
    })().catch(() => undefined);
    return () => leaving.abort();
  }, [store, follower, kind, hasRows, clearings]);
}
