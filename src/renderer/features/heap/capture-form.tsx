import { useId, useState } from 'react';
import type { SnapshotCost } from '#shared/contract/profiles.ts';
import { formatBytes, KiB } from '#shared/units.ts';
import {
  captureKinds,
  type CaptureKind,
  captureSeconds,
  heapIntervalBytes,
} from '#shared/vocabulary/profiles.ts';
import type { CaptureStore } from '../../state/capture-store.ts';
import { Button } from '../../ui/button.tsx';
import { Question } from '../../ui/question.tsx';
import { Segments } from '../../ui/segments.tsx';
import { costWords, kindTitles, parseSeconds, snapshotWords } from './capture-words.ts';
import styles from './capture.module.css';

/** The finer, the more it costs. */
const intervals = [4 * KiB, heapIntervalBytes.default, 512 * KiB];

interface CaptureFormProps {
  readonly store: CaptureStore;
  readonly isLive: boolean;
}

/** What is to be taken, what that costs, and the button. */
export function CaptureForm({ store, isLive }: CaptureFormProps) {
  const [kind, setKind] = useState<CaptureKind>('heap');
  const [text, setText] = useState(String(captureSeconds.default));
  const [intervalBytes, setInterval] = useState<number>(heapIntervalBytes.default);
  const [cost, setCost] = useState<SnapshotCost>();
  const seconds = parseSeconds(text);
  const isSnapshot = kind === 'snapshot';
  const start = (): void => {
    if (isSnapshot) void store.estimate().then(setCost);
    else if (seconds !== undefined) void store.start({ kind, seconds, intervalBytes });
  };
  const problem =
    isSnapshot || seconds !== undefined
      ? undefined
      : `▲ ${captureSeconds.least} to ${captureSeconds.most} seconds, as a whole number`;
  return (
    <>
      <div className={styles['form']}>
        <h2>Capture</h2>
        <Segments
          label="What is taken"
          value={kind}
          onChange={setKind}
          options={captureKinds.map((value) => ({
            value,
            name: kindTitles[value],
            content: kindTitles[value],
          }))}
        />
        {!isSnapshot && <Seconds text={text} isWrong={problem !== undefined} onChange={setText} />}
        {kind === 'heap' && (
          <Segments
            label="Bytes between two samples"
            value={intervalBytes}
            onChange={setInterval}
            options={intervals.map((value) => ({
              value,
              name: `A sample each ${formatBytes(value)}`,
              content: formatBytes(value),
            }))}
          />
        )}
        <Button
          isDisabled={!isLive || store.isAsking || problem !== undefined}
          onPress={start}
          aria-describedby="capture-cost"
        >
          {isSnapshot ? 'Take a snapshot…' : 'Start'}
        </Button>
      </div>
      <p
        id="capture-cost"
        className={styles['words']}
        data-problem={problem !== undefined}
        aria-live="polite"
      >
        {problem ?? costWords(kind, seconds ?? captureSeconds.default, intervalBytes)}
      </p>
      {cost && (
        <SnapshotQuestion
          cost={cost}
          onDone={() => setCost(undefined)}
          onTake={() =>
            void store.start({ kind: 'snapshot', seconds: captureSeconds.default, intervalBytes })
          }
        />
      )}
    </>
  );
}

interface SecondsProps {
  readonly text: string;
  readonly isWrong: boolean;
  readonly onChange: (text: string) => void;
}

function Seconds({ text, isWrong, onChange }: SecondsProps) {
  const id = useId();
  return (
    <span className={styles['seconds']}>
      <label htmlFor={id}>for</label>
      <input
        id={id}
        inputMode="numeric"
        autoComplete="off"
        value={text}
        aria-label="Seconds"
        aria-invalid={isWrong}
        onChange={(event) => onChange(event.target.value)}
      />
      s
    </span>
  );
}

interface SnapshotQuestionProps {
  readonly cost: SnapshotCost;
  readonly onDone: () => void;
  readonly onTake: () => void;
}

function SnapshotQuestion({ cost, onDone, onTake }: SnapshotQuestionProps) {
  return (
    <Question
      title="Take a heap snapshot?"
      testId="snapshot-dialog"
      onClose={onDone}
      no="Leave it running"
      yes={cost.fits ? 'Stop the server and take it' : undefined}
      weight="grave"
      onYes={onTake}
    >
      {snapshotWords(cost).map((sentence) => (
        <p key={sentence} className={styles['sentence']}>
          {sentence}
        </p>
      ))}
    </Question>
  );
}
