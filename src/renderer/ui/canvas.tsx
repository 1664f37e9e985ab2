import { useEffect, useRef } from 'react';
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

/** A canvas in the paint loop. Its size is its CSS size. */
export function Canvas({ paint, label, className, testId }: CanvasProps) {
  const { loop } = useLive();
  const reference = useRef<HTMLCanvasElement>(null);
  const labelledAt = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => (reference.current ? loop.add(reference.current, paint) : undefined), [loop, paint]);
  useEffect(() => {
    const now = performance.now();
    if (label === undefined || now - labelledAt.current < labelIntervalMs) return;
    labelledAt.current = now;
    reference.current?.setAttribute('aria-label', label);
  }, [label]);
  const role = label === undefined ? { 'aria-hidden': true } : { role: 'img' };
  return <canvas ref={reference} className={className} data-testid={testId} {...role} />;
}
