import { useEffect, useRef, useState } from 'react';
import { useLive } from '../state/live-context.ts';
import type { Paint } from './paint-loop.ts';

interface CanvasProps {
  /** Keep its identity: a new one starts the canvas over. */
  readonly paint: Paint;
  /** What the picture shows, in words; leave it out for a decoration. */
  readonly label?: string;
  readonly className?: string | undefined;
  readonly testId?: string;
}

/** Labels change no more often than this, in milliseconds: a screen reader must be able to finish one. */
const labelIntervalMs = 5000;

/** A canvas in the paint loop. Its size is its CSS size. A painter that fails has failed to draw what it is part of. */
export function Canvas({ paint, label, className, testId }: CanvasProps) {
  const { loop } = useLive();
  const reference = useRef<HTMLCanvasElement>(null);
  const labelledAt = useRef(Number.NEGATIVE_INFINITY);
  const [failure, setFailure] = useState<{ readonly error: unknown }>();
  useEffect(
    () =>
      reference.current ? loop.add(reference.current, paint, (error) => setFailure({ error })) : undefined,
    [loop, paint],
  );
  useEffect(() => {
    const now = performance.now();
    if (label === undefined || now - labelledAt.current < labelIntervalMs) return;
    labelledAt.current = now;
    reference.current?.setAttribute('aria-label', label);
  }, [label]);
  // To the boundary, as anything else that cannot be drawn.
  if (failure) throw failure.error;
  const role = label === undefined ? { 'aria-hidden': true } : { role: 'img' };
  return <canvas ref={reference} className={className} data-testid={testId} {...role} />;
}
