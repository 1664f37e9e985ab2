/** What of recording is around every view: its commands, the dialog for a mark, and alerts as notices. */
import { type ReactNode, Suspense, useEffect, useState } from 'react';
import { columnMs } from '../../state/columns.ts';
import { AlertNotices } from '../../state/alert-notices.ts';
import { useCommand } from '../../state/commands.ts';
import { useLive } from '../../state/live-context.ts';
import { theNotifications } from '../../state/notifications.ts';
import { offerRecovered } from '../../state/recovered-offer.ts';
import { RecorderContext } from '../../state/recorder-context.ts';
import { RecorderStore } from '../../state/recorder-store.ts';
import { useSignal } from '../../state/signal.ts';
import { useRecorderAbilities, useRecorderActions } from './recorder-actions.ts';
import { lazily } from '../../ui/lazily.ts';

const MarkDialog = lazily(async () => (await import('./mark-dialog.tsx')).MarkDialog);

/** One for the page: an alert that was told is told also when another server has been looked at meanwhile. */
const alertNotices = new AlertNotices(theNotifications);

export function Recording({ children }: { readonly children: ReactNode }) {
  const { store, follower, timeline } = useLive();
  const [recorder] = useState(
    () =>
      new RecorderStore({
        call: follower.call,
        flags: store.flags,
        onAlerts: (alerts, now, turn) => alertNotices.hear(alerts, now, turn),
      }),
  );
  useSignal(store.connectionChanged);
  // In a recording nothing is recorded, and what fires in it is no news.
  const isLive = store.connection.kind === 'live' && timeline.source === 'live';
  useEffect(() => (isLive ? recorder.follow() : undefined), [recorder, isLive]);
  useEffect(() => {
    if (isLive) void offerRecovered(follower.call);
  }, [follower, isLive]);
  return (
    <RecorderContext value={recorder}>
      {children}
      <Commands />
    </RecorderContext>
  );
}

function Commands() {
  const { timeline } = useLive();
  const can = useRecorderAbilities();
  const actions = useRecorderActions();
  const [mark, setMark] = useState<{ readonly at: number | undefined }>();
  const openMark = (): void => {
    const column = timeline.instant;
    setMark({ at: column === undefined ? undefined : column * columnMs });
  };
  const toggle = can.stop ? actions.stop : actions.start;
  useCommand('record.toggle', can.start || can.stop ? toggle : undefined);
  useCommand('record.mark', can.mark ? openMark : undefined);
  useCommand('record.save', can.save ? actions.saveLast : undefined);
  if (!mark) return null;
  return (
    <Suspense>
      <MarkDialog
        at={mark.at}
        onClose={() => setMark(undefined)}
        onMark={(note) => {
          setMark(undefined);
          actions.mark(note, mark.at);
        }}
      />
    </Suspense>
  );
}
