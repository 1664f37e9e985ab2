import { formatDuration } from '#shared/units.ts';
import type { Piece } from '../../state/pieces.ts';
import { heldMs } from './piece-times.ts';
import { reasonWords } from './words.ts';
import styles from './attempt-bars.module.css';

/** Where the time of an attempt went, in order; the colours are those of the chunk meanwhile. */
type Part = 'queue' | 'first byte' | 'transfer' | 'held';

interface Bar {
  readonly name: string;
  /** Why it came to nothing. */
  readonly reason?: string;
  readonly parts: readonly { readonly part: Part; readonly ms: number }[];
}

/** A bar for each attempt: queue, first byte, transfer, and how long the whole piece was then held. */
export function AttemptBars({ piece, now }: { readonly piece: Piece; readonly now: number }) {
  const bars = barsOf(piece, now);
  const longest = Math.max(1, ...bars.map(({ parts }) => parts.reduce((sum, { ms }) => sum + ms, 0)));
  return (
    <ol className={styles['bars']} data-testid="attempt-bars">
      {bars.map(({ name, reason, parts }) => (
        <li key={name}>
          <span className={styles['name']}>
            {name}
            {reason !== undefined && <em>▲ {reason}</em>}
          </span>
          <span className={styles['bar']} aria-hidden="true">
            {parts.map(({ part, ms }) => (
              <i key={part} data-part={part} style={{ width: `${(ms / longest) * 100}%` }} />
            ))}
          </span>
          <span className={styles['words']}>
            {parts
              .filter(({ ms }) => ms > 0)
              .map(({ part, ms }) => (
                <span key={part}>
                  <i data-part={part} aria-hidden="true" /> {part} {formatDuration(ms)}
                </span>
              ))}
          </span>
        </li>
      ))}
    </ol>
  );
}

export function barsOf(piece: Piece, now: number): readonly Bar[] {
  const { failedAttempts, attempts, askedAt, answeredAt, completeAt, queuedAt } = piece;
  let readyAt = queuedAt;
  const failures = failedAttempts.map((attempt, index) => {
    const bar = {
      name: `attempt ${index + 1}`,
      reason: reasonWords(attempt.reason),
      parts: partsOf({ ...attempt, queuedAt: readyAt }, attempt.endedAt),
    };
    readyAt = attempt.endedAt;
    return bar;
  });
  const isOver = piece.state === 'failed' || piece.state === 'cancelled';
  if (failures.length >= attempts && (isOver || piece.state === 'retry') && attempts > 0) return failures;
  const until = completeAt ?? (isOver ? (answeredAt ?? askedAt ?? queuedAt) : now);
  const held = heldMs(piece, now);
  const parts = partsOf({ queuedAt: readyAt, askedAt: askedAt ?? -1, answeredAt: answeredAt ?? -1 }, until);
  return [
    ...failures,
    {
      name: attempts > 1 || failures.length > 0 ? `attempt ${Math.max(1, attempts)}` : 'one attempt',
      parts: held === undefined ? parts : [...parts, { part: 'held', ms: held }],
    },
  ];
}

interface Times {
  readonly queuedAt: number;
  readonly askedAt: number;
  readonly answeredAt: number;
}

/** -1 is a time that never came. */
function partsOf({ queuedAt, askedAt, answeredAt }: Times, until: number): Bar['parts'] {
  const asked = askedAt < 0 ? until : askedAt;
  const answered = answeredAt < 0 ? until : answeredAt;
  return [
    { part: 'queue', ms: Math.max(0, asked - queuedAt) },
    { part: 'first byte', ms: Math.max(0, answered - asked) },
    { part: 'transfer', ms: Math.max(0, until - answered) },
  ];
}
