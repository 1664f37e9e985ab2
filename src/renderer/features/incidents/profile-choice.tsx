/** Which of the profiles that the server keeps go into a bundle: all but heap snapshots, unless somebody says otherwise. */
import { useEffect, useState } from 'react';
import type { Capture } from '#shared/contract/profiles.ts';
import { formatBytes, formatTime } from '#shared/units.ts';
import type { CaptureKind } from '#shared/vocabulary/profiles.ts';
import { useLive } from '../../state/live-context.ts';
import styles from './bundle-dialog.module.css';

const kindNames: Readonly<Record<CaptureKind, string>> = {
  heap: 'Heap sampling',
  cpu: 'CPU',
  snapshot: 'Heap snapshot',
};

interface ProfileChoiceProps {
  /** Ids; `undefined` until somebody has chosen. */
  readonly picked: readonly string[] | undefined;
  readonly pick: (ids: readonly string[]) => void;
}

export function ProfileChoice({ picked, pick }: ProfileChoiceProps) {
  const { follower } = useLive();
  const [captures, setCaptures] = useState<readonly Capture[]>([]);
  useEffect(() => {
    void follower
      .call((client) => client.profiles.list())
      .then(
        ({ captures: all }) => setCaptures(all.filter(({ state }) => state === 'ready')),
        // Without a list the server's own choice holds.
        () => undefined,
      );
  }, [follower]);
  if (captures.length === 0) return null;
  const chosen = picked ?? captures.filter(({ kind }) => kind !== 'snapshot').map(({ id }) => id);
  const toggle = (id: string): void =>
    pick(chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id]);
  return (
    <fieldset className={styles['profiles']} data-testid="bundle-profiles">
      <legend>Profiles that the server keeps</legend>
      {captures.map(({ id, kind, startedAt, bytes }) => (
        <label key={id}>
          <input type="checkbox" checked={chosen.includes(id)} onChange={() => toggle(id)} />
          {kindNames[kind]}, {formatTime(startedAt)}, {formatBytes(bytes)}
          {kind === 'snapshot' && <span>has every string of the process in it, secrets too</span>}
        </label>
      ))}
    </fieldset>
  );
}
