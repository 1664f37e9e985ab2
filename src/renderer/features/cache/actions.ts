/** What operators can do in the view. What is refused is said in the view; nothing throws. */
import { createContext, use, useMemo, useState } from 'react';
import { messageOf } from '#shared/errors.ts';
import type { ByteRange } from '#shared/range.ts';
import type { ConsoleClient } from '../../rpc/connect.ts';
import type { Follower } from '../../rpc/follow.ts';
import type { CacheStore } from '../../state/cache-store.ts';
import { go, parsePlace } from '../../state/place.ts';

interface CacheActions {
  readonly pin: (object: string) => void;
  readonly unpin: (object: string) => void;
  readonly evict: (object: string) => void;
  readonly prefetch: (object: string, range?: ByteRange) => void;
  readonly verify: (object: string) => void;
  readonly cancel: (job: number) => void;
  /** Opens the details of an object, or closes them. */
  readonly open: (object: string | undefined) => void;
}

export interface ActionState {
  readonly actions: CacheActions;
  /** Why the last action was refused: a sentence. */
  readonly refusal: string | undefined;
  readonly dismiss: () => void;
}

export function useCacheActions(store: CacheStore, call: Follower['call']): ActionState {
  const [refusal, setRefusal] = useState<string>();
  const actions = useMemo((): CacheActions => {
    const act = (work: (client: ConsoleClient) => Promise<unknown>): void => {
      setRefusal(undefined);
      void call(work)
        .catch((error: unknown) => setRefusal(messageOf(error)))
        .finally(store.refresh);
    };
    return {
      pin: (object) => act((client) => client.cache.pin({ object })),
      unpin: (object) => act((client) => client.cache.unpin({ object })),
      evict: (object) => act((client) => client.cache.evict({ object })),
      prefetch: (object, range) =>
        act((client) => client.cache.prefetch({ object, ...(range && { range }) })),
      verify: (object) => act((client) => client.cache.verify({ object })),
      cancel: (job) => act((client) => client.cache.cancel({ job })),
      open: (object) => go({ ...parsePlace(location.hash), subject: object ?? '' }),
    };
  }, [store, call]);
  return { actions, refusal, dismiss: () => setRefusal(undefined) };
}

/** What every part of the view works with. */
export interface CacheViewContext {
  readonly store: CacheStore;
  readonly actions: CacheActions;
  /** Whether whoever looks may change something. */
  readonly mayChange: boolean;
}

export const CacheContext = createContext<CacheViewContext | undefined>(undefined);

export function useCache(): CacheViewContext {
  const context = use(CacheContext);
  if (!context) throw new Error('used outside the Cache view');
  return context;
}
