/** What the server recorded before this console came to look: the way to it, as long as its place in view is empty. */
import { History } from 'lucide-react';
import { formatDuration, formatTime } from '#shared/units.ts';
import { columnMs } from '../../state/columns.ts';
import { useLive } from '../../state/live-context.ts';
import { useRecorder } from '../../state/recorder-context.ts';
import { useSignal } from '../../state/signal.ts';
import { playHash } from '../shell/recorder-actions.ts';
import styles from './time-bar.module.css';

/** Less is not worth a way. */
const leastMs = 3000;

export function Earlier() {
  const { store, timeline } = useLive();
  const recorder = useRecorder();
  useSignal(recorder.changed);
  const { first, latest } = store.clock;
  const recordedFrom = recorder.state?.rolling.firstAt;
  const { right, span } = timeline.window;
  if (recordedFrom === undefined || latest < 0 || first <= right - span) return null;
  const from = first * columnMs;
  const beforeMs = Math.floor((from - recordedFrom) / 1000) * 1000;
  if (beforeMs < leastMs) return null;
  return (
    <a
      className={styles['earlier']}
      href={playHash('rolling', from)}
      title="This console began to look then. The server recorded what was before."
      data-testid="earlier"
    >
      <History size={14} strokeWidth={1.75} aria-hidden="true" />
      Play the {formatDuration(beforeMs)} before {formatTime(from)}
    </a>
  );
}
