import { useEffect, useState } from 'react';
import { messageOf } from '#shared/errors.ts';
import type { RequestDetail } from '#shared/request-model.ts';
import { inTime } from '../../../rpc/follow.ts';
import { useLive } from '../../../state/live-context.ts';
import { useSignal } from '../../../state/signal.ts';

export type Detail =
  | { readonly kind: 'loading' }
  | { readonly kind: 'known'; readonly detail: RequestDetail }
  /** A sentence: it has left, or there is no connection. */
  | { readonly kind: 'gone'; readonly sentence: string };

/** What the server knows of a request beyond its row. Asked once, and again with a new connection if it is missing. */
export function useDetail(seq: number | undefined): Detail {
  const { store, follower } = useLive();
  useSignal(store.connectionChanged);
  const { kind } = store.connection;
  const [answer, setAnswer] = useState<{ readonly seq: number; readonly detail: Detail }>();
  const isKnown = answer?.seq === seq && answer?.detail.kind === 'known';
  useEffect(() => {
    if (seq === undefined || isKnown || kind !== 'live') return undefined;
    let isLeft = false;
    const tell = (detail: Detail): void => {
      if (!isLeft) setAnswer({ seq, detail });
    };
    void inTime(follower.call((client) => client.requests.detail({ seq }))).then(
      (detail) => tell({ kind: 'known', detail }),
      (error: unknown) => tell({ kind: 'gone', sentence: messageOf(error) }),
    );
    return () => {
      isLeft = true;
    };
  }, [follower, seq, isKnown, kind]);
  if (answer?.seq === seq && answer) return answer.detail;
  return kind === 'live' ? { kind: 'loading' } : { kind: 'gone', sentence: 'Sluice does not answer.' };
}
