/** Heap › Compare: two profiles, A before and B after, by function and by call. */
import { useEffect } from 'react';
import { commonTypes } from '#shared/profile/compare.ts';
import { useFootprint } from '../../state/footprint.ts';
import { profileText } from '../../state/profile-address.ts';
import type { ProfileInfo } from '../../state/profile-questions.ts';
import { theProfiles } from '../../state/profile-store.ts';
import { useSignal } from '../../state/signal.ts';
import { CompareBody } from './compare-body.tsx';
import { NeedsTwo, NotOpen, NotShown } from './empty.tsx';
import { Openings } from './opened-bar.tsx';
import { Pickers } from './pickers.tsx';
import { changeAddress, useProfileAddress } from './use-address.ts';
import styles from './profiles-tab.module.css';

export function CompareTab() {
  useSignal(theProfiles.changed);
  useFootprint('profiles', theProfiles);
  const address = useProfileAddress();
  const { profiles } = theProfiles;
  const comparable = profiles.filter(({ snapshot }) => !snapshot);
  const [newest, before] = comparable.toReversed();
  useEffect(() => {
    if (address.a || address.b || !newest || !before) return;
    changeAddress({ a: profileText(before), b: profileText(newest) }, 'replace');
  }, [address.a, address.b, newest, before]);
  const [a, b] = [theProfiles.find(address.a?.id), theProfiles.find(address.b?.id)];
  const missing = [address.a, address.b].filter((wanted) => wanted && !theProfiles.find(wanted.id));
  return (
    <div className={styles['tab']} data-testid="compare">
      {profiles.length > 0 && <Pickers a={a} b={b} />}
      <Openings />
      <div className={styles['content']}>
        {missing.length > 0 ? (
          <NotOpen wanted={missing.filter((wanted) => wanted !== undefined)} />
        ) : a && b ? (
          <Pair a={a} b={b} />
        ) : (
          <NeedsTwo open={comparable.length} />
        )}
      </div>
    </div>
  );
}

function Pair({ a, b }: { readonly a: ProfileInfo; readonly b: ProfileInfo }) {
  const snapshots = [a, b].filter(({ snapshot }) => snapshot).map(({ name }) => name);
  if (snapshots.length > 0)
    return (
      <NotShown title="These two cannot be compared">
        <p>{snapshots.join(' and ')}: a heap snapshot has objects, and no calls that could be compared.</p>
      </NotShown>
    );
  const types = commonTypes(a, b);
  if (types.length === 0)
    return (
      <NotShown title="These two cannot be compared">
        <p>
          They have no sample type in common: {a.name} has {typeWords(a)}, {b.name} has {typeWords(b)}.
        </p>
      </NotShown>
    );
  return <CompareBody key={`${a.id} ${b.id}`} a={a} b={b} types={types} />;
}

function typeWords({ sampleTypes }: ProfileInfo): string {
  return sampleTypes.map(({ type, unit }) => `${type} in ${unit}`).join(', ');
}
