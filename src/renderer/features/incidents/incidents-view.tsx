/**
 * The Incidents view: what happened at 03:12? What is recorded and kept, what has fired and from when on something does,
 * and all of an incident in one file.
 */
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { RecordingList } from '#shared/recording/model.ts';
import { useLive } from '../../state/live-context.ts';
import { go, parsePlace, usePlace } from '../../state/place.ts';
import { Polled } from '../../state/polled.ts';
import { useRecorder } from '../../state/recorder-context.ts';
import { useSignal } from '../../state/signal.ts';
import { Tabs } from '../../ui/tabs.tsx';
import { Refusal } from '../../ui/refusal.tsx';
import { useActions } from './actions.ts';
import { AlertsTab } from './alerts-tab.tsx';
import { BundlesTab, type BundleStore } from './bundles-tab.tsx';
import { IncidentsContext } from './context.ts';
import { Loading, NoAnswer, NotReadable } from './empty.tsx';
import { QuestionDialog } from './questions.tsx';
import { RecordingsTab } from './recordings-tab.tsx';
import styles from './incidents-view.module.css';

const listIntervalMs = 1000;
/** Somebody else may have made one. */
const bundlesIntervalMs = 5000;

type TabName = 'recordings' | 'alerts' | 'bundles';

function tabOf(subject: string): TabName {
  return subject === 'alerts' || subject === 'bundles' ? subject : 'recordings';
}

export function IncidentsView() {
  const { store: live, follower } = useLive();
  useSignal(live.connectionChanged);
  const [store] = useState(
    () => new Polled(() => follower.call((client) => client.recordings.list()), listIntervalMs),
  );
  useEffect(() => store.follow(), [store]);
  useSignal(store.changed);
  const { kind } = live.connection;
  // What could not be read for want of a connection is read again with the connection.
  useEffect(() => (kind === 'live' ? store.refresh() : undefined), [store, kind]);
  const { value: list, failure } = store;
  return (
    <main className={styles['view']} data-stale={kind !== 'live'} data-testid="incidents">
      {list ? (
        <Listed list={list} failure={kind === 'live' ? failure : undefined} refresh={store.refresh} />
      ) : (
        <Unlisted isConnected={kind === 'live'} hasBeenLost={live.hasBeenLost} failure={failure} />
      )}
    </main>
  );
}

interface UnlistedProps {
  readonly isConnected: boolean;
  readonly hasBeenLost: boolean;
  readonly failure: string | undefined;
}

/** Nothing has been read yet: why. */
function Unlisted({ isConnected, hasBeenLost, failure }: UnlistedProps) {
  if (!isConnected) return hasBeenLost ? <NoAnswer /> : <Loading />;
  return failure === undefined ? <Loading /> : <NotReadable sentence={failure} />;
}

interface ListedProps {
  readonly list: RecordingList;
  /** Why what is shown could not be read again. */
  readonly failure: string | undefined;
  readonly refresh: () => void;
}

function Listed({ list, failure, refresh: refreshList }: ListedProps) {
  const { store: live, follower } = useLive();
  const recorder = useRecorder();
  useSignal(recorder.changed);
  const [changes, change] = useState(0);
  const [bundles] = useState(
    (): BundleStore =>
      new Polled(() => follower.call((client) => client.incidents.list()), bundlesIntervalMs),
  );
  const refresh = useCallback(() => {
    refreshList();
    recorder.refresh();
    bundles.refresh();
    change((count) => count + 1);
  }, [refreshList, recorder, bundles]);
  const { actions, question, refusal, dismiss } = useActions(follower.call, refresh);
  const mayChange = live.connection.kind === 'live' && live.currentHello?.role === 'operator';
  const context = useMemo(
    () => ({ list, actions, mayChange, changes, refresh }),
    [list, actions, mayChange, changes, refresh],
  );
  const { subject } = usePlace();
  const firing = recorder.alerts.filter(({ state }) => state === 'firing').length;
  return (
    <IncidentsContext value={context}>
      <Refusal sentence={refusal} onDismiss={dismiss} />
      <div className={styles['tabs']}>
        <Tabs
          label="Incidents"
          value={tabOf(subject)}
          onChange={showTab}
          tabs={[
            { value: 'recordings', name: 'Recordings', content: <RecordingsTab failure={failure} /> },
            {
              value: 'alerts',
              name: firing === 0 ? 'Alerts' : `Alerts, ${firing} firing`,
              content: <AlertsTab />,
            },
            { value: 'bundles', name: 'Bundles', content: <BundlesTab store={bundles} /> },
          ]}
        />
      </div>
      {question && <QuestionDialog question={question} />}
    </IncidentsContext>
  );
}

/** What is open in one has no meaning in another. */
function showTab(subject: TabName): void {
  const { params } = parsePlace(location.hash);
  const { open: _open, find: _find, ...others } = params;
  go({ view: 'incidents', subject, params: others });
}
