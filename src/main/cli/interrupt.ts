/**
 * Signals as an AbortSignal: the first asks to stop, a later one ends the process at once. One Ctrl-C may arrive
 * twice, from the terminal and from the npm that runs us, so repeats within a second count as one.
 */
import { SluiceError } from '#shared/errors.ts';

const repeatMilliseconds = 1000;

/** The work was interrupted, and something remains that its user should know of. */
export class Interrupted extends SluiceError {
  constructor(remains: string, options: ErrorOptions) {
    super('ABORTED', `interrupted; ${remains}`, options);
  }
}

export interface Interrupt extends Disposable {
  readonly signal: AbortSignal;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Listens until it is disposed of. */
export function listenForInterrupt(): Interrupt {
  const controller = new AbortController();
  let firstAt = 0;
  const onSignal = () => {
    if (controller.signal.aborted && performance.now() - firstAt > repeatMilliseconds) process.exit(1);
    if (controller.signal.aborted) return;
    firstAt = performance.now();
    controller.abort();
  };
  for (const name of signals) process.on(name, onSignal);
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      for (const name of signals) process.off(name, onSignal);
    },
  };
}
