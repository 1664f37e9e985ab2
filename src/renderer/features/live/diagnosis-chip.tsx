import type { Diagnosis, Lane } from '#shared/model.ts';
import { formatBytes, formatDuration, formatRate } from '#shared/units.ts';
import { diagnosisIcons, Icon } from '../../ui/icons.tsx';
import { countSlots, slotSummary } from './lane-words.ts';
import styles from './diagnosis-chip.module.css';

const attentionAfterMs = 10_000;

const meanings: Readonly<Record<Diagnosis, string>> = {
  healthy: 'Nothing holds it up',
  'client-bound': 'The window is full of chunks that the client does not take',
  'store-bound': 'Most of the window waits for the store',
  'head-of-line': 'Later chunks are complete and wait for the head',
  'budget-bound': 'It could use more memory than the budget has left',
};

interface DiagnosisChipProps {
  readonly lane: Lane;
  /** How long it has been so. */
  readonly sinceMs: number;
}

/** Why a lane is as it is, in one word; the numbers are in its tooltip. */
export function DiagnosisChip({ lane, sinceMs }: DiagnosisChipProps) {
  const { diagnosis } = lane;
  const counts = countSlots(lane);
  const isUrgent = (diagnosis === 'client-bound' && sinceMs > attentionAfterMs) || counts.failed > 0;
  const numbers = `${slotSummary(counts, lane.window)}, ${formatBytes(lane.heldBytes)} held, in ${formatRate(lane.inBytesPerSecond)}, out ${formatRate(lane.outBytesPerSecond)}`;
  return (
    <span
      className={styles['chip']}
      data-testid="diagnosis"
      data-diagnosis={diagnosis}
      data-urgent={isUrgent}
      title={`${meanings[diagnosis]} for ${formatDuration(Math.max(0, sinceMs))}\n${numbers}`}
    >
      <Icon path={diagnosisIcons[diagnosis]} size={11} />
      {diagnosis}
    </span>
  );
}
