/** The Heap view: who holds the memory now, profiles of whoever, and two of them compared. */
import { go, usePlace } from '../../state/place.ts';
import { Tabs } from '../../ui/tabs.tsx';
import { CompareTab } from '../profiles/compare-tab.tsx';
import { ProfilesTab } from '../profiles/profiles-tab.tsx';
import { NowTab } from './now/now-tab.tsx';
import styles from './heap-view.module.css';

const tabNames = ['now', 'profiles', 'compare'] as const;
type TabName = (typeof tabNames)[number];

export function HeapView() {
  const place = usePlace();
  const tab = tabNames.find((name) => name === place.subject) ?? 'now';
  return (
    <main className={styles['view']} data-testid="heap">
      <Tabs<TabName>
        label="Heap"
        value={tab}
        onChange={(subject) => go({ ...place, view: 'heap', subject })}
        tabs={[
          { value: 'now', name: 'Now', content: <NowTab /> },
          { value: 'profiles', name: 'Profiles', content: <ProfilesTab /> },
          { value: 'compare', name: 'Compare', content: <CompareTab /> },
        ]}
      />
    </main>
  );
}
