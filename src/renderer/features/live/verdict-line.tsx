import { useLive } from '../../state/live-context.ts';
import { DiagnosisIcon } from '../../ui/icons.tsx';
import type { ShownLane } from './lanes.tsx';
import { useSelection } from './selection.ts';
import { verdictOf } from './verdict.ts';
import styles from './verdict-line.module.css';

interface VerdictLineProps {
  readonly lanes: readonly ShownLane[];
  /** There is no lane to stand above. */
  readonly isEmpty: boolean;
}

/** Above the lanes: what is going on, in a sentence, and the lane that it is about. */
export function VerdictLine({ lanes, isEmpty }: VerdictLineProps) {
  const { store, timeline } = useLive();
  const { select } = useSelection();
  const frame = store.currentFrame;
  if (!frame || isEmpty) return null;
  const engine = timeline.instant === undefined ? frame.engine : undefined;
  const chunkBytes = store.currentHello?.chunkBytes ?? 1;
  const verdict = verdictOf(lanes, { memory: frame.memory, engine, chunkBytes });
  return (
    <p className={styles['verdict']} data-testid="verdict" data-diagnosis={verdict?.diagnosis}>
      {!verdict && <span>No transfer was in progress at this instant.</span>}
      {verdict && (
        <>
          <DiagnosisIcon diagnosis={verdict.diagnosis} />
          <span>{verdict.sentence}</span>
          {verdict.diagnosis !== 'healthy' && (
            <button type="button" onClick={() => select(verdict.lane.id)}>
              Show lane
            </button>
          )}
        </>
      )}
    </p>
  );
}
