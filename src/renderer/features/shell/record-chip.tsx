/** What is being recorded: how far back one can go, or for how long somebody has been recording. */
import type { RecorderState } from '#shared/recording/model.ts';
import { placeHash } from '../../state/place.ts';
import { useRecorder } from '../../state/recorder-context.ts';
import { useSignal } from '../../state/signal.ts';
import { chipWords } from './record-words.ts';
import styles from './record-chip.module.css';

export function RecordChip() {
  const recorder = useRecorder();
  useSignal(recorder.changed);
  if (!recorder.state) return null;
  return <Chip state={recorder.state} at={recorder.at} />;
}

function Chip({ state, at }: { readonly state: RecorderState; readonly at: number }) {
  const { word, time, manner, title } = chipWords(state, at);
  return (
    <a
      className={styles['chip']}
      href={placeHash('incidents', 'recordings')}
      data-testid="record-chip"
      data-manner={manner}
      title={title}
    >
      <i aria-hidden="true" />
      <span className="visually-hidden">{title}</span>
      <span aria-hidden="true">{word}</span>
      {time !== undefined && (
        <span className={styles['time']} aria-hidden="true">
          {time}
        </span>
      )}
    </a>
  );
}
