/** The run of the checks that the address names: followed until it has ended. */
import { useEffect, useState } from 'react';
import { messageOf } from '#shared/errors.ts';
import type { CheckRun } from '#shared/lab-model.ts';
import { useLive } from '../../state/live-context.ts';
import { useSignal } from '../../state/signal.ts';
import { useParam } from '../../state/place.ts';

export interface Checking {
  readonly run: CheckRun | undefined;
  /** Why it could not be started, or is not known any more. */
  readonly failure: string | undefined;
  readonly start: (url: string) => void;
  readonly cancel: () => void;
}

export function useCheck(): Checking {
  const { follower, store } = useLive();
  useSignal(store.connectionChanged);
  const { kind } = store.connection;
  const [id, setId] = useParam('run');
  const [run, setRun] = useState<CheckRun>();
  const [failure, setFailure] = useState<string>();

  useEffect(() => {
    if (id === undefined || kind !== 'live') return undefined;
    const following = new AbortController();
    const { signal } = following;
    void (async () => {
      while (!signal.aborted) {
        try {
          // Answers after a second, or when it has ended.
          const now = await follower.call((client) => client.lab.progress({ id }));
          if (signal.aborted) return;
          setRun(now);
          setFailure(undefined);
          if (now.state !== 'running') return;
        } catch (error) {
          if (!signal.aborted) setFailure(messageOf(error));
          return;
        }
      }
    })();
    return () => following.abort();
  }, [id, kind, follower]);

  const start = async (url: string): Promise<void> => {
    setFailure(undefined);
    try {
      const started = await follower.call((client) => client.lab.check({ url }));
      setRun(started);
      setId(started.id);
    } catch (error) {
      setFailure(messageOf(error));
    }
  };
  const cancel = async (): Promise<void> => {
    if (id === undefined) return;
    await follower
      .call((client) => client.lab.cancel({ id }))
      .catch((error: unknown) => setFailure(messageOf(error)));
  };
  return {
    run: run?.id === id ? run : undefined,
    failure,
    start: (url) => void start(url),
    cancel: () => void cancel(),
  };
}
