/** Which of the profiles that the server has taken of itself go into a bundle: all, but heap snapshots only when chosen. */
import { useEffect, useState } from 'react';
import type { Capture } from '#shared/contract/profiles.ts';
import { formatBytes, formatTime } from '#shared/units.ts';
import { inTime } from '../../rpc/follow.ts';
import { useLive } from '../../state/live-context.ts';
import type { CaptureKind } from '#shared/vocabulary/profiles.ts';
import styles from './bundle-dialog.module.css';

const kindWords: Readonly<Record<CaptureKind, string>> = {
  heap: 'Heap sampling',
  cpu: 'CPU',
  snapshot: 'Heap snapshot',
};

export interface CaptureChoice {
  /** Those that can go in; none where none was taken. */
  readonly captures: readonly Capture[];
  readonly chosen: ReadonlySet<string>;
  readonly toggle: (id: string) => void;
}

/** Asked once, when the dialog opens. */
export function useCaptureChoice(): CaptureChoice {
  const { follower } = useLive();
  const [captures, setCaptures] = useState<readonly Capture[]>([]);
  const [chosen, choose] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    let isWanted = true;
    inTime(follower.call((client) => client.profiles.list())).then(
      (answer) => {
        if (!isWanted) return;
        const ready = answer.captures.filter(({ state }) => state === 'ready');
        setCaptures(ready);
        choose(new Set(ready.filter(({ kind }) => kind !== 'snapshot').map(({ id }) => id)));
      },
      // Without a list the server puts in what it usually does.
      () => undefined,
    );
    return () => {
      isWanted = false;
    };
  }, [follower]);
  const toggle = (id: string): void =>
    choose((before) => new Set(before.has(id) ? [...before].filter((each) => each !== id) : [...before, id]));
  return { captures, chosen, toggle };
}

export function CaptureFields({ choice }: { readonly choice: CaptureChoice }) {
  const { captures, chosen, toggle } = choice;
  if (captures.length === 0) return null;
  return (
    <fieldset className={styles['captures']}>
      <legend>Profiles that were taken</legend>
      {captures.map(({ id, kind, startedAt, bytes }) => (
        <label key={id}>
          <input type="checkbox" checked={chosen.has(id)} onChange={() => toggle(id)} />
          {kindWords[kind]} at {formatTime(startedAt)}, {formatBytes(bytes)}
          {kind === 'snapshot' && <small> has contents of memory in it</small>}
        </label>
      ))}
    </fieldset>
  );
}
