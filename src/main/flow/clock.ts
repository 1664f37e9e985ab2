/** Time, as the engine sees it, so that tests can bring their own. */

export interface Timer {
  /** Does nothing when the work has been done already. */
  cancel(): void;
}

export interface Clock {
  /** Milliseconds that only grow; from an arbitrary start. */
  now(): number;
  /** Does `work` once, `milliseconds` from now at the earliest. Does not keep the process alive. */
  after(milliseconds: number, work: () => void): Timer;
}

export const realClock: Clock = {
  now: () => performance.now(),
  after: (milliseconds, work) => {
    const timer = setTimeout(work, milliseconds);
    timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
};
