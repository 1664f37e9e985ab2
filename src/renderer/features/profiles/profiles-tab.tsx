/** Heap › Profiles: opens profiles of any origin and shows one of them. */
import { useEffect } from 'react';
import { useFootprint } from '../../state/footprint.ts';
import { parsePlace, useParam } from '../../state/place.ts';
import { parseProfile, profileText } from '../../state/profile-address.ts';
import type { ProfileInfo } from '../../state/profile-questions.ts';
import { openBytes, theProfiles } from '../../state/profile-store.ts';
import { useSignal } from '../../state/signal.ts';
import { Capture } from '../heap/capture.tsx';
import { NoneOpen, NotOpen } from './empty.tsx';
import { OpenedBar, Openings } from './opened-bar.tsx';
import { ProfileBody } from './profile-body.tsx';
import { SnapshotBody } from './snapshot-body.tsx';
import { changeAddress, useProfileAddress } from './use-address.ts';
import styles from './profiles-tab.module.css';

export function ProfilesTab() {
  useSignal(theProfiles.changed);
  useFootprint('profiles', theProfiles);
  const { profile } = useProfileAddress();
  // What was opened last is looked at; without anything in the address, so is what was opened elsewhere.
  useEffect(() => theProfiles.onOpened((info) => show(info)), []);
  const newest = theProfiles.profiles.at(-1);
  useEffect(() => {
    if (!profile && newest) changeAddress({ profile: profileText(newest) }, 'replace');
  }, [profile, newest]);
  const info = theProfiles.find(profile?.id);
  const [capture] = useParam('capture');
  const hasProfiles = theProfiles.profiles.length > 0;
  return (
    <div className={styles['tab']} data-testid="profiles">
      {(capture === 'shown' || !hasProfiles) && <Capture onOpen={openBytes} />}
      {hasProfiles && <OpenedBar shownId={info?.id} onShow={show} onClose={close} />}
      <Openings />
      <div className={styles['content']}>
        {!profile && !newest && <NoneOpen />}
        {profile && !info && <NotOpen wanted={[profile]} />}
        {info &&
          (info.snapshot ? (
            <SnapshotBody key={info.id} info={info} />
          ) : (
            // Another profile is another view: nothing of this one may stand below its name.
            <ProfileBody key={info.id} info={info} />
          ))}
      </div>
    </div>
  );
}

/** Whoever closes what is shown looks at another one, if there is one. */
function close({ id }: ProfileInfo): void {
  theProfiles.close(id);
  const next = theProfiles.profiles.at(-1);
  if (parseProfile(parsePlace(location.hash).params['profile'])?.id === id)
    changeAddress({ profile: next && profileText(next) }, 'replace');
}

/** Another profile: the way into its calls and the function are tried there, too. */
function show(info: ProfileInfo): void {
  changeAddress({ profile: profileText(info) });
}
