/** Reading something again and again while somebody looks. */

export interface Poll {
  /** Reads at once, and goes on from there. */
  readonly wake: () => void;
  readonly stop: () => void;
}

/**
 * Calls `read`, which never rejects, and again so many milliseconds after it has ended; as many as it says. A page that
 * nobody sees waits until it is shown again.
 */
export function poll(read: () => Promise<number>): Poll {
  let isOver = false;
  let isAwake = false;
  let wake = (): void => {
    isAwake = true;
  };
  void (async () => {
    for (;;) {
      isAwake = false;
      const restMs = await read();
      if (isOver) return;
      if (isAwake) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => !document.hidden && finish(), restMs);
        document.addEventListener('visibilitychange', finish);
        wake = finish;
        function finish(): void {
          clearTimeout(timer);
          document.removeEventListener('visibilitychange', finish);
          wake = () => {
            isAwake = true;
          };
          resolve();
        }
      });
      if (isOver) return;
    }
  })();
  return {
    wake: () => wake(),
    stop: () => {
      isOver = true;
      wake();
    },
  };
}
