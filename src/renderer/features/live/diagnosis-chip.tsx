import type { Lane } from '#shared/model.ts';
import type { Diagnosis } from '#shared/vocabulary/live.ts';
import { formatDuration } from '#shared/units.ts';
import { DiagnosisIcon } from '../../ui/icons.tsx';
import { countSlots, evidence } from './lane-words.ts';
import { headChunk } from './verdict.ts';
import styles from './diagnosis-chip.module.css';

const attentionAfterMs = 10_000;

const meanings: Readonly<Record<Diagnosis, string>> = {
  healthy: 'Nothing holds it up',
  'client-bound': 'Its client takes the bytes more slowly than they come',
  'store-bound': 'Most of the window waits for the store',
  'head-of-line': 'Later chunks are complete and wait for the head',
  'budget-bound': 'It waits for a slab: the budget is in use',
  'disk-bound': 'Its next bytes are being read from the disk',
};

interface DiagnosisChipProps {
  readonly lane: Lane;
  /** How long it has been so. */
  readonly sinceMs: number;
  readonly chunkBytes: number;
}

/** A chip is narrow: no tenths of what takes long. */
function shortDuration(milliseconds: number): string {
  const isLong = milliseconds >= 10_000;
  const whole = isLong ? Math.floor(milliseconds / 1000) * 1000 : Math.max(0, milliseconds);
  return formatDuration(whole).replace('.0 s', ' s');
}

/** `head-of-line #412 1.8 s`, `client-bound 12 s`, `healthy`: what it is, which chunk, and for how long. */
export function chipWords(lane: Lane, sinceMs: number, chunkBytes: number): string {
  const { diagnosis } = lane;
  if (diagnosis === 'healthy') return diagnosis;
  const which = diagnosis === 'head-of-line' ? ` #${headChunk(lane, chunkBytes)}` : '';
  return `${diagnosis}${which} ${shortDuration(sinceMs)}`;
}

/** Why a lane is as it is, in one word; the numbers are in its tooltip. */
export function DiagnosisChip({ lane, sinceMs, chunkBytes }: DiagnosisChipProps) {
  const { diagnosis } = lane;
  const isUrgent =
    (diagnosis === 'client-bound' && sinceMs > attentionAfterMs) || countSlots(lane).failed > 0;
  const sentence = `${meanings[diagnosis]}, for ${formatDuration(Math.max(0, sinceMs))}`;
  return (
    <span
      className={styles['chip']}
      data-testid="diagnosis"
      data-diagnosis={diagnosis}
      data-urgent={isUrgent}
      title={[sentence, ...evidence(lane)].join('\n')}
    >
      <DiagnosisIcon diagnosis={diagnosis} size={11} />
      {chipWords(lane, sinceMs, chunkBytes)}
    </span>
  );
}
