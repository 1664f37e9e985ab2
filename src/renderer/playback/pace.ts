/** The clock that a recording is played by. */
export interface Pace {
  /** Milliseconds of a steady clock. */
  readonly now: () => number;
  /** Calls once, when it is time to go on. Call the result to take it back. */
  readonly next: (go: () => void) => () => void;
}

/** What a page that nobody sees gets, in milliseconds. */
const hiddenMs = 250;

/** As the screen is drawn. */
export const screenPace: Pace = {
  now: () => performance.now(),
  next: (go) => {
    // An occluded window counts as visible and draws nothing.
    const timer = setTimeout(finish, hiddenMs);
    const frame = requestAnimationFrame(finish);
    function finish(): void {
      stop();
      go();
    }
    function stop(): void {
      clearTimeout(timer);
      cancelAnimationFrame(frame);
    }
    return stop;
  },
};
