import { useSyncExternalStore } from 'react';

/** Calls narrower than this, in pixels, are not drawn. */
const leastWidth = 0.4;
/** Widths are told apart in such steps, in pixels: not every drag of a window asks anew. */
const step = 256;

/** The share of the picture's width below which calls are left out. */
export function useLeastShare(): number {
  const steps = useSyncExternalStore(watchSize, () => Math.ceil(innerWidth / step));
  return leastWidth / (steps * step);
}

function watchSize(listener: () => void): () => void {
  addEventListener('resize', listener);
  return () => removeEventListener('resize', listener);
}
