/**
 * Taking profiles of the server that is looked at, and what has been taken. The file of one comes into the page piece
 * after piece; what becomes of it there is up to whoever opens it.
 */
import { useEffect, useState } from 'react';
import { CaptureStore } from '../../state/capture-store.ts';
import { useFootprint } from '../../state/footprint.ts';
import { useLive } from '../../state/live-context.ts';
import { useSignal } from '../../state/signal.ts';
import { IconButton } from '../../ui/button.tsx';
import { closePath } from '../../ui/icons.tsx';
import { CaptureForm } from './capture-form.tsx';
import { CaptureList, Running } from './capture-list.tsx';
import styles from './capture.module.css';

interface CaptureProps {
  /** Shows a file, which is the caller's from now on. */
  readonly onOpen: (name: string, bytes: Uint8Array<ArrayBuffer>) => void;
}

export function Capture({ onOpen }: CaptureProps) {
  const { store: live, player } = useLive();
  useSignal(live.connectionChanged);
  const role = live.currentHello?.role;
  if (role === 'operator') return <Panel onOpen={onOpen} />;
  return (
    <section className={styles['panel']} aria-label="Capture" data-testid="capture">
      <p className={styles['words']} data-testid="capture-refused">
        {player ? ofRecording : role === undefined ? ofNobody : ofViewer}
      </p>
    </section>
  );
}

const ofRecording =
  'A recording is shown. Profiles are taken of a server that runs: close the recording first.';
const ofNobody = 'Profiles of the server can be taken here when it answers.';
const ofViewer =
  'Taking profiles of the server is for operators: they show what runs in it, and a heap snapshot stops it.';

function Panel({ onOpen }: CaptureProps) {
  const { store: live, follower } = useLive();
  const [store] = useState(() => new CaptureStore(follower.call));
  const isLive = live.connection.kind === 'live';
  useEffect(() => (isLive ? store.follow() : undefined), [store, isLive]);
  useSignal(store.changed);
  useFootprint('captures', store);
  const { running, captures = [], refusal, failure } = store;
  const sentence = refusal ?? (isLive ? failure : undefined);
  return (
    <section className={styles['panel']} aria-label="Capture" data-stale={!isLive} data-testid="capture">
      {running ? <Running store={store} capture={running} /> : <CaptureForm store={store} isLive={isLive} />}
      {sentence !== undefined && (
        <p className={styles['refusal']} role="alert" data-testid="capture-refusal">
          <span aria-hidden="true">▲</span>
          <span>{sentence}</span>
          {refusal !== undefined && (
            <IconButton icon={closePath} name="Dismiss" onPress={() => store.forgive()} />
          )}
        </p>
      )}
      <CaptureList
        store={store}
        captures={captures.filter(({ state }) => state !== 'running')}
        onOpen={onOpen}
      />
    </section>
  );
}
